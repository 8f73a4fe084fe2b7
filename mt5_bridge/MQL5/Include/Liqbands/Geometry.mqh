//+------------------------------------------------------------------+
//| Geometry.mqh                                                     |
//| Where bars and prices are on the screen: which column of the     |
//| heatmap an x shows, which rows a y shows.                        |
//+------------------------------------------------------------------+
#ifndef LIQBANDS_GEOMETRY_MQH
#define LIQBANDS_GEOMETRY_MQH

#include <Liqbands/Layout.mqh>
#include <Liqbands/Clock.mqh>

#define LIQ_MEASURED_BARS 10
#define LIQ_MOST_PIXELS   16000

struct LiqGeometry {
   bool   is_valid;
   int    width;
   int    height;
   double low;         // price at the bottom
   double high;        // price at the top
   int    first;       // shift of the leftmost visible bar
   int    x_first;     // x of its middle
   double bar_pixels;
};

void LiqReadGeometry(LiqGeometry &g) {
   ZeroMemory(g);
   g.width=(int)ChartGetInteger(0,CHART_WIDTH_IN_PIXELS);
   g.height=(int)ChartGetInteger(0,CHART_HEIGHT_IN_PIXELS,0);
   g.low=ChartGetDouble(0,CHART_PRICE_MIN,0);
   g.high=ChartGetDouble(0,CHART_PRICE_MAX,0);
   g.first=(int)ChartGetInteger(0,CHART_FIRST_VISIBLE_BAR);
   g.bar_pixels=(double)(1<<(int)ChartGetInteger(0,CHART_SCALE));
   if(g.width<=0 || g.width>LIQ_MOST_PIXELS || g.height<=0 || g.height>LIQ_MOST_PIXELS || g.first<0)
      return;
   if(!MathIsValidNumber(g.low) || !MathIsValidNumber(g.high) || g.high<=g.low)
      return;
   int x=0;
   int y=0;
   datetime time=iTime(_Symbol,_Period,g.first);
   if(time>0 && ChartTimePriceToXY(0,0,time,g.high,x,y))
      g.x_first=x;
   //--- measured pixels per bar are better than the power of two, where they can be measured
   datetime later=(g.first>=LIQ_MEASURED_BARS) ? iTime(_Symbol,_Period,g.first-LIQ_MEASURED_BARS) : 0;
   if(later>0 && ChartTimePriceToXY(0,0,later,g.high,x,y) && x>g.x_first)
      g.bar_pixels=(double)(x-g.x_first)/LIQ_MEASURED_BARS;
   g.is_valid=true;
}

bool LiqSameGeometry(const LiqGeometry &a,const LiqGeometry &b) {
   return(a.is_valid==b.is_valid && a.width==b.width && a.height==b.height && a.low==b.low && a.high==b.high
          && a.first==b.first && a.x_first==b.x_first && a.bar_pixels==b.bar_pixels);
}

//--- the visible bars' opens, UTC ms, leftmost first; 0 when the terminal has none yet
int LiqVisibleOpens(const LiqGeometry &g,CLiqClock &clock,long &opens[]) {
   int count=(int)MathMin((double)g.first,MathFloor(g.width/g.bar_pixels)+1.0)+1;
   datetime times[];
   int n=CopyTime(_Symbol,_Period,g.first-count+1,count,times);
   if(n!=count)
      return(0);
   ArrayResize(opens,n);
   for(int i=0; i<n; i++)
      opens[i]=1000*(long)clock.ToUtc(times[i]);
   return(n);
}

//--- UTC ms at a place counted in bars from the leftmost; a gap between bars has no width
long LiqTimeAt(const long &opens[],const int n,const double place,const long bar_ms) {
   int bar=(int)MathFloor(place);
   if(bar>n-1)
      bar=n-1;
   long length=bar_ms;
   if(bar<n-1 && opens[bar+1]-opens[bar]<bar_ms)
      length=opens[bar+1]-opens[bar];
   return(opens[bar]+(long)MathFloor((place-bar)*(double)length));
}

//--- column of every x, -1 for none; the newest column reaches into the empty margin on the right
//--- false when the terminal has not loaded the bars yet
bool LiqColumnsOfPixels(const LiqGeometry &g,CLiqClock &clock,const LiqFrame &frame,int &columns[]) {
   ArrayResize(columns,g.width);
   ArrayInitialize(columns,-1);
   long opens[];
   int n=LiqVisibleOpens(g,clock,opens);
   long column_ms=(long)frame.header.dt_ms;
   if(n==0)
      return(false);
   if(column_ms==0 || frame.columns==0)
      return(true);
   long bar_ms=1000*(long)PeriodSeconds(_Period);
   bool shows_newest=(g.first==n-1);
   long end=frame.header.t0_ms+frame.columns*column_ms;
   bool is_reached=(opens[n-1]<end+column_ms);
   for(int x=0; x<g.width; x++) {
      double place=(x+0.5-g.x_first)/g.bar_pixels+0.5;   // a bar's middle is at its x
      if(place<0.0 || (place>=n && !shows_newest))
         continue;
      long since=LiqTimeAt(opens,n,place,bar_ms)-frame.header.t0_ms;
      if(since<0)
         continue;
      long column=since/column_ms;
      if(column<frame.columns)
         columns[x]=(int)column;
      else
         if(shows_newest && is_reached && place>=n-1)
            columns[x]=frame.columns-1;
   }
   return(true);
}

//--- place of a price among the rows, in rows from the lowest edge
double LiqRowPlace(const LiqFrame &frame,const double price,const double ratio) {
   if(price<=0.0 || ratio<=0.0 || frame.rows==0)
      return(-1.0);
   double place=MathLog(price/ratio/frame.header.price_min)/frame.header.price_step;
   return(MathMax(-1.0,MathMin(place,(double)frame.rows+1.0)));
}

//--- rows [from, to) of every y: those whose middle is in the pixel, else the one at its middle.
//--- So every row is on the screen, however small, and none is drawn twice.
void LiqRowsOfPixels(const LiqGeometry &g,const double ratio,const LiqFrame &frame,int &from[],int &to[]) {
   ArrayResize(from,g.height);
   ArrayResize(to,g.height);
   double pixel=(g.high-g.low)/g.height;
   for(int y=0; y<g.height; y++) {
      double top=LiqRowPlace(frame,g.high-y*pixel,ratio);
      double bottom=LiqRowPlace(frame,g.high-(y+1)*pixel,ratio);
      int lowest=(int)MathCeil(bottom-0.5);
      int highest=(int)MathCeil(top-0.5)-1;
      if(highest<lowest) {
         lowest=(int)MathFloor(LiqRowPlace(frame,g.high-(y+0.5)*pixel,ratio));
         highest=lowest;
      }
      from[y]=(lowest<0) ? 0 : lowest;
      to[y]=(highest>=frame.rows) ? frame.rows : highest+1;
   }
}

#endif
