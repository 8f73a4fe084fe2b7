//+------------------------------------------------------------------+
//| Palette.mqh                                                      |
//| Colours of the heatmap: a table of 1024 ARGB values at           |
//| forming*512 + side*256 + level.                                  |
//+------------------------------------------------------------------+
#ifndef LIQBANDS_PALETTE_MQH
#define LIQBANDS_PALETTE_MQH

enum ENUM_LIQ_PALETTE {
   LIQ_PALETTE_SIDES    = 0,  // Teal longs, orange shorts
   LIQ_PALETTE_CONTRAST = 1,  // Blue longs, yellow shorts (colour-blind safe)
   LIQ_PALETTE_VIRIDIS  = 2,  // One scale for both: viridis
   LIQ_PALETTE_FIRE     = 3   // One scale for both: fire
};

#define LIQ_COLOURS 1024
#define LIQ_FORMING 512

bool LiqHasSides(const ENUM_LIQ_PALETTE palette) {
   return(palette==LIQ_PALETTE_SIDES || palette==LIQ_PALETTE_CONTRAST);
}

//--- five stops of a ramp, faint to dense, as 0xRRGGBB
uint LiqStop(const ENUM_LIQ_PALETTE palette,const int side,const int stop) {
   static const uint teal[]={0x0B3B43,0x0F6B6B,0x1FA08F,0x4FD6A8,0xD6FFE3};
   static const uint orange[]={0x4A1420,0x8C2A26,0xD2552B,0xF79A3E,0xFFE9A8};
   static const uint blue[]={0x10254F,0x1B4A94,0x2F7BD0,0x6FB4EE,0xDDF1FF};
   static const uint yellow[]={0x3D3208,0x75600F,0xB5961C,0xE9CB3B,0xFFF8C4};
   static const uint viridis[]={0x440154,0x3B528B,0x21918C,0x5EC962,0xFDE725};
   static const uint fire[]={0x14001E,0x780A3C,0xDC3C14,0xFFAA1E,0xFFFFD2};
   switch(palette) {
      case LIQ_PALETTE_SIDES:
         return(side==0 ? teal[stop] : orange[stop]);
      case LIQ_PALETTE_CONTRAST:
         return(side==0 ? blue[stop] : yellow[stop]);
      case LIQ_PALETTE_VIRIDIS:
         return(viridis[stop]);
      default:
         return(fire[stop]);
   }
}

int LiqMix(const uint from,const uint to,const int shift,const double part) {
   int a=(int)((from>>shift) & 0xFF);
   int b=(int)((to>>shift) & 0xFF);
   return((int)MathRound(a+part*(b-a)));
}

//--- 0xRRGGBB at a place 0..1 of a ramp
uint LiqRamp(const ENUM_LIQ_PALETTE palette,const int side,const double place) {
   double at=MathMax(0.0,MathMin(1.0,place))*4.0;
   int stop=(int)MathMin(3.0,MathFloor(at));
   uint from=LiqStop(palette,side,stop);
   uint to=LiqStop(palette,side,stop+1);
   double part=at-stop;
   return(((uint)LiqMix(from,to,16,part)<<16)|((uint)LiqMix(from,to,8,part)<<8)|(uint)LiqMix(from,to,0,part));
}

//--- levels up to `hidden` are transparent, those up to `top` use the whole ramp; the faint let more
//--- of the chart through, and a forming column half of it
void LiqBuildColours(uint &colours[],const ENUM_LIQ_PALETTE palette,const int opacity,const int hidden,const int top) {
   ArrayResize(colours,LIQ_COLOURS);
   ArrayInitialize(colours,0);
   int most=(int)MathMax(0.0,MathMin(255.0,(double)opacity));
   int below=(hidden<top) ? hidden : top-1;   // where all cells are alike, none is hidden
   for(int side=0; side<2; side++) {
      for(int level=(below<0) ? 1 : below+1; level<256; level++) {
         double place=MathMin(1.0,(double)(level-below)/(top-below));
         uint rgb=LiqRamp(palette,side,place);
         uint alpha=(uint)MathRound(most*(0.15+0.85*place));
         colours[side*256+level]=(alpha<<24)|rgb;
         colours[LIQ_FORMING+side*256+level]=((alpha/2)<<24)|rgb;
      }
   }
}

//--- MQL5 colours are 0xBBGGRR
uint LiqSolid(const color value,const uint alpha) {
   uint c=(uint)value;
   return((alpha<<24)|((c & 0xFF)<<16)|(c & 0xFF00)|((c>>16) & 0xFF));
}

#endif
