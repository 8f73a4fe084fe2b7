//+------------------------------------------------------------------+
//| Heatmap.mqh                                                      |
//| A frame's cells and its newest column's profile as pixels.       |
//+------------------------------------------------------------------+
#ifndef LIQBANDS_HEATMAP_MQH
#define LIQBANDS_HEATMAP_MQH

#include <Liqbands/Lhm1.mqh>
#include <Liqbands/Geometry.mqh>
#include <Liqbands/Palette.mqh>
#include <Liqbands/Canvas.mqh>

//--- cells denser than this share of those in the window have the top colour
#define LIQ_TOP_SHARE 0.998

class CLiqHeatmap {
private:
   ENUM_LIQ_PALETTE m_palette;
   int              m_opacity;
   int              m_hidden;        // percent of the cells in the window
   uint             m_colours[];
   double           m_notional[];    // of every level
   ushort           m_cells[];       // side*256 + level
   int              m_from[];
   int              m_to[];
   int              m_columns[];

   //--- level of a sum of two, for palettes that do not tell sides apart
   int SumLevel(const LiqFrame &frame,const int a,const int b) {
      int larger=(a>b) ? a : b;
      double range=MathLog((double)frame.header.max_value/(double)frame.header.min_value);
      if(a==0 || b==0 || range<=0.0)
         return(larger);
      double place=MathLog((m_notional[a]+m_notional[b])/(double)frame.header.min_value)/range;
      return((int)MathMin(255.0,1.0+MathRound(254.0*place)));
   }

   //--- how many of the cells in rows [from, to) have each level; returns how many are not empty
   int Count(const LiqFrame &frame,const int from,const int to,int &counts[]) {
      ArrayResize(counts,256);
      ArrayInitialize(counts,0);
      for(int column=0; column<frame.columns; column++) {
         for(int row=from; row<to; row++)
            counts[(int)(m_cells[column*frame.rows+row] & 255)]++;
      }
      return((to>from ? (to-from)*frame.columns : 0)-counts[0]);
   }

   //--- the least level that so many cells do not exceed
   int LevelAbove(const int &counts[],const double cells) {
      int sum=0;
      for(int level=1; level<256; level++) {
         if(sum>=cells)
            return(level-1);
         sum+=counts[level];
      }
      return(255);
   }

   //--- the ramp spans what is in the window, so that weak zones near the price can be told apart
   void ChooseColours(const LiqFrame &frame) {
      int from=frame.rows;
      int to=0;
      for(int y=0; y<ArraySize(m_from); y++) {
         if(m_from[y]>=m_to[y])
            continue;
         from=(m_from[y]<from) ? m_from[y] : from;
         to=(m_to[y]>to) ? m_to[y] : to;
      }
      int counts[];
      double cells=(double)Count(frame,from,to,counts);
      LiqBuildColours(m_colours,m_palette,m_opacity,LevelAbove(counts,cells*m_hidden/100.0),
                      LevelAbove(counts,cells*LIQ_TOP_SHARE));
   }

   //--- the densest of a column's rows
   ushort Densest(const int rows,const int column,const int from,const int to) {
      ushort best=0;
      int base=column*rows;
      for(int row=from; row<to; row++) {
         ushort cell=m_cells[base+row];
         if((cell & 255)>(best & 255))
            best=cell;
      }
      return(best);
   }

   //--- notional of one side in rows [from, to) of the newest column
   double InNewest(const LiqFrame &frame,const int side,const int from,const int to) {
      double sum=0.0;
      int base=side*frame.rows*frame.columns+(frame.columns-1)*frame.rows;
      for(int row=from; row<to; row++)
         sum+=m_notional[(int)frame.cells[base+row]];
      return(sum);
   }

public:
   CLiqHeatmap(void) : m_palette(LIQ_PALETTE_SIDES),m_opacity(0),m_hidden(0) {}

   void SetLook(const ENUM_LIQ_PALETTE palette,const int opacity,const int hidden) {
      m_palette=palette;
      m_opacity=opacity;
      m_hidden=hidden;
   }

   //--- once for every new frame
   void Load(const LiqFrame &frame) {
      ArrayResize(m_notional,256);
      for(int level=0; level<256; level++)
         m_notional[level]=LiqNotional(frame,level);
      int n=frame.rows*frame.columns;
      bool has_sides=LiqHasSides(m_palette);
      ArrayResize(m_cells,n);
      for(int i=0; i<n; i++) {
         int longs=(int)frame.cells[i];
         int shorts=(int)frame.cells[n+i];
         if(has_sides)
            m_cells[i]=(ushort)((shorts>longs) ? 256+shorts : longs);
         else
            m_cells[i]=(ushort)SumLevel(frame,longs,shorts);
      }
   }

   //--- where the picture's pixels lie in the frame; before Draw and DrawProfile.
   //--- false when the terminal has not loaded the bars yet
   bool Place(const LiqGeometry &g,CLiqClock &clock,const LiqFrame &frame,const double ratio) {
      LiqRowsOfPixels(g,ratio,frame,m_from,m_to);
      ChooseColours(frame);
      return(LiqColumnsOfPixels(g,clock,frame,m_columns));
   }

   void Draw(CLiqCanvas &canvas,const LiqFrame &frame) {
      int width=canvas.Width();
      int last=frame.columns-1;
      int forming=((frame.header.flags & LIQ_FLAG_FORMING)!=0) ? last : -1;
      ushort strip[];
      ArrayResize(strip,frame.columns);
      int low=last;
      int high=-1;
      for(int x=0; x<width; x++) {
         if(m_columns[x]<0)
            continue;
         low=(m_columns[x]<low) ? m_columns[x] : low;
         high=(m_columns[x]>high) ? m_columns[x] : high;
      }
      for(int y=0; y<canvas.Height(); y++) {
         if(m_from[y]>=m_to[y])
            continue;
         bool is_same=(y>0 && m_from[y]==m_from[y-1] && m_to[y]==m_to[y-1]);
         for(int column=low; !is_same && column<=high; column++)
            strip[column]=Densest(frame.rows,column,m_from[y],m_to[y]);
         for(int x=0; x<width; x++) {
            int column=m_columns[x];
            if(column>=0)
               canvas.Set(x,y,m_colours[(int)strip[column]+(column==forming ? LIQ_FORMING : 0)]);
         }
      }
   }

   //--- bars from the right edge, the longest `most` pixels: longs, then shorts
   void DrawProfile(CLiqCanvas &canvas,const LiqFrame &frame,const int most,const uint longs,const uint shorts) {
      if(frame.columns==0 || most<=0)
         return;
      double largest=0.0;
      for(int y=0; y<canvas.Height(); y++)
         largest=MathMax(largest,InNewest(frame,LIQ_SIDE_LONG,m_from[y],m_to[y])
                         +InNewest(frame,LIQ_SIDE_SHORT,m_from[y],m_to[y]));
      if(largest<=0.0)
         return;
      int right=canvas.Width();
      for(int y=0; y<canvas.Height(); y++) {
         int a=(int)MathRound(most*InNewest(frame,LIQ_SIDE_LONG,m_from[y],m_to[y])/largest);
         int b=(int)MathRound(most*InNewest(frame,LIQ_SIDE_SHORT,m_from[y],m_to[y])/largest);
         canvas.Line(right-a,right,y,longs);
         canvas.Line(right-a-b,right-a,y,shorts);
      }
   }

   //--- what stands on a side in the newest column
   double Total(const LiqFrame &frame,const int side) {
      return(frame.columns==0 ? 0.0 : InNewest(frame,side,0,frame.rows));
   }
};

#endif
