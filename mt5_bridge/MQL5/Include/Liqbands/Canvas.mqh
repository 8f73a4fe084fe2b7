//+------------------------------------------------------------------+
//| Canvas.mqh                                                       |
//| One bitmap with alpha behind the candles. Rectangles have no     |
//| alpha, and thousands of objects are slow.                        |
//+------------------------------------------------------------------+
#ifndef LIQBANDS_CANVAS_MQH
#define LIQBANDS_CANVAS_MQH

class CLiqCanvas {
private:
   string m_object;
   string m_resource;
   bool   m_is_made;
   int    m_width;
   int    m_height;
   uint   m_pixels[];

public:
   CLiqCanvas(void) : m_is_made(false),m_width(0),m_height(0) {}

   bool Create(const string prefix) {
      m_object=prefix+"canvas";
      m_resource="::"+prefix+IntegerToString(ChartID());
      if(!ObjectCreate(0,m_object,OBJ_BITMAP_LABEL,0,0,0))
         return(false);
      ObjectSetInteger(0,m_object,OBJPROP_XDISTANCE,0);
      ObjectSetInteger(0,m_object,OBJPROP_YDISTANCE,0);
      ObjectSetInteger(0,m_object,OBJPROP_BACK,true);
      ObjectSetInteger(0,m_object,OBJPROP_SELECTABLE,false);
      ObjectSetInteger(0,m_object,OBJPROP_HIDDEN,true);
      m_is_made=true;
      return(true);
   }

   //--- an empty picture of this size
   void Clear(const int width,const int height) {
      if(width!=m_width || height!=m_height) {
         m_width=width;
         m_height=height;
         ArrayResize(m_pixels,width*height);
      }
      ArrayInitialize(m_pixels,0);
   }

   int Width(void) const { return(m_width); }
   int Height(void) const { return(m_height); }

   void Set(const int x,const int y,const uint argb) {
      if(x>=0 && y>=0 && x<m_width && y<m_height)
         m_pixels[y*m_width+x]=argb;
   }

   //--- part of a row, [from, to)
   void Line(const int from,const int to,const int y,const uint argb) {
      if(y<0 || y>=m_height)
         return;
      int end=(to>m_width) ? m_width : to;
      for(int x=(from<0) ? 0 : from; x<end; x++)
         m_pixels[y*m_width+x]=argb;
   }

   //--- a rectangle [left, right) x [top, bottom)
   void Box(const int left,const int top,const int right,const int bottom,const uint argb) {
      for(int y=top; y<bottom; y++)
         Line(left,right,y,argb);
   }

   bool Show(void) {
      if(!m_is_made || m_width<=0 || m_height<=0)
         return(false);
      if(!ResourceCreate(m_resource,m_pixels,(uint)m_width,(uint)m_height,0,0,0,COLOR_FORMAT_ARGB_NORMALIZE))
         return(false);
      return(ObjectSetString(0,m_object,OBJPROP_BMPFILE,m_resource));
   }

   void Destroy(void) {
      if(!m_is_made)
         return;
      ObjectDelete(0,m_object);
      ResourceFree(m_resource);
      ArrayFree(m_pixels);
      m_is_made=false;
      m_width=0;
      m_height=0;
   }
};

#endif
