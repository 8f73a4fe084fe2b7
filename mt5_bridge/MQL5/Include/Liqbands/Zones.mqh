//+------------------------------------------------------------------+
//| Zones.mqh                                                        |
//| Bands as outlined rectangles with words, and a dotted line at    |
//| the strongest one above and below the price. They live in time   |
//| and price, so scrolling does not touch them.                     |
//+------------------------------------------------------------------+
#ifndef LIQBANDS_ZONES_MQH
#define LIQBANDS_ZONES_MQH

#include <Liqbands/Lhm1.mqh>
#include <Liqbands/Text.mqh>
#include <Liqbands/Clock.mqh>

#define LIQ_MARGIN_BARS 20
#define LIQ_THICK_LEVEL 200
#define LIQ_WORD_PIXELS 14

class CLiqZones {
private:
   string m_prefix;
   color  m_long;
   color  m_short;
   int    m_smallest;
   int    m_most;
   int    m_labels;
   bool   m_shows_strongest;
   int    m_boxes;      // how many rectangles stand
   int    m_words;      // how many labels stand
   double m_taken[];    // prices of this drawing's words

   color ColourOf(const uchar side) const { return(side==LIQ_SIDE_LONG ? m_long : m_short); }

   void MakeQuiet(const string name) {
      ObjectSetInteger(0,name,OBJPROP_SELECTABLE,false);
      ObjectSetInteger(0,name,OBJPROP_HIDDEN,true);
      ObjectSetInteger(0,name,OBJPROP_BACK,true);
   }

   string Amount(const LiqFrame &frame,const double value) { return(LiqAmount(value,LiqIsShare(frame))); }

   string Describe(const LiqFrame &frame,const int i,const double ratio) {
      string text=StringFormat("%s would be liquidated: %s - %s, %s",LiqSideName(frame.bands[i].side),
                               DoubleToString(frame.bands[i].low*ratio,_Digits),
                               DoubleToString(frame.bands[i].high*ratio,_Digits),Amount(frame,frame.bands[i].value));
      if(i<ArraySize(frame.details))
         text+=StringFormat(" (80%%: %s - %s)",Amount(frame,frame.details[i].value_low),
                            Amount(frame,frame.details[i].value_high));
      if(frame.bands[i].leverage>0)
         text+=StringFormat(", mostly %dx",(int)frame.bands[i].leverage);
      return(text);
   }

   void DrawBox(const LiqFrame &frame,const int i,const double ratio,CLiqClock &clock,const datetime right) {
      string name=m_prefix+"band"+IntegerToString(m_boxes);
      datetime from=clock.ToBroker((datetime)frame.bands[i].t_start);
      datetime to=right;
      if(frame.bands[i].t_end>0)
         to=clock.ToBroker((datetime)frame.bands[i].t_end);
      if(ObjectFind(0,name)<0) {
         ObjectCreate(0,name,OBJ_RECTANGLE,0,from,frame.bands[i].low*ratio,to,frame.bands[i].high*ratio);
         MakeQuiet(name);
      }
      else {
         ObjectMove(0,name,0,from,frame.bands[i].low*ratio);
         ObjectMove(0,name,1,to,frame.bands[i].high*ratio);
      }
      ObjectSetInteger(0,name,OBJPROP_COLOR,ColourOf(frame.bands[i].side));
      ObjectSetInteger(0,name,OBJPROP_WIDTH,frame.bands[i].level>=LIQ_THICK_LEVEL ? 2 : 1);
      ObjectSetInteger(0,name,OBJPROP_STYLE,LiqIsOpen(frame,i) ? STYLE_SOLID : STYLE_DOT);
      ObjectSetInteger(0,name,OBJPROP_FILL,false);
      ObjectSetString(0,name,OBJPROP_TOOLTIP,Describe(frame,i,ratio));
      m_boxes++;
   }

   void DrawWord(const string name,const string text,const datetime time,const double price) {
      if(ObjectFind(0,name)<0) {
         ObjectCreate(0,name,OBJ_TEXT,0,time,price);
         MakeQuiet(name);
         ObjectSetInteger(0,name,OBJPROP_ANCHOR,ANCHOR_RIGHT_LOWER);
         ObjectSetInteger(0,name,OBJPROP_FONTSIZE,8);
      }
      else
         ObjectMove(0,name,0,time,price);
      ObjectSetInteger(0,name,OBJPROP_COLOR,ChartGetInteger(0,CHART_COLOR_FOREGROUND));
      ObjectSetString(0,name,OBJPROP_TEXT,LiqCut(text));
   }

   //--- false when another word stands within a line's height
   bool TakePlace(const double price,const double gap) {
      for(int i=0; i<ArraySize(m_taken); i++) {
         if(MathAbs(m_taken[i]-price)<gap)
            return(false);
      }
      int n=ArraySize(m_taken);
      ArrayResize(m_taken,n+1,LIQ_MARGIN_BARS);
      m_taken[n]=price;
      return(true);
   }

   //--- the strongest open band that lies wholly on one side of the price; -1 for none
   int Strongest(const LiqFrame &frame,const bool above) {
      int best=-1;
      for(int i=0; i<ArraySize(frame.bands); i++) {
         bool is_there=above ? frame.bands[i].low>frame.header.ref_price : frame.bands[i].high<frame.header.ref_price;
         if(is_there && LiqIsOpen(frame,i) && (best<0 || frame.bands[i].value>frame.bands[best].value))
            best=i;
      }
      return(best);
   }

   void DrawStrongest(const LiqFrame &frame,const int i,const bool above,const double ratio,const datetime time) {
      string line=m_prefix+(above ? "above" : "below");
      string word=line+"_text";
      if(i<0) {
         ObjectDelete(0,line);
         ObjectDelete(0,word);
         return;
      }
      double price=LiqPeakPrice(frame,i)*ratio;
      if(ObjectFind(0,line)<0) {
         ObjectCreate(0,line,OBJ_HLINE,0,0,price);
         MakeQuiet(line);
         ObjectSetInteger(0,line,OBJPROP_STYLE,STYLE_DOT);
      }
      else
         ObjectMove(0,line,0,0,price);
      ObjectSetInteger(0,line,OBJPROP_COLOR,ColourOf(frame.bands[i].side));
      ObjectSetString(0,line,OBJPROP_TOOLTIP,Describe(frame,i,ratio));
      double away=100.0*(LiqPeakPrice(frame,i)/frame.header.ref_price-1.0);
      DrawWord(word,StringFormat("strongest %s  %s  %s  %+.2f%%",above ? "above" : "below",
                                 DoubleToString(price,_Digits),Amount(frame,frame.bands[i].value),away),time,price);
      TakePlace(price,0.0);
   }

   void DeleteNumbered(const string kind,const int from,const int to) {
      for(int i=from; i<to; i++)
         ObjectDelete(0,m_prefix+kind+IntegerToString(i));
   }

public:
   CLiqZones(void) : m_long(0),m_short(0),m_smallest(0),m_most(0),m_labels(0),
                     m_shows_strongest(false),m_boxes(0),m_words(0) {}

   void SetLook(const string prefix,const color longs,const color shorts,const int smallest,const int most,
                const int labels,const bool shows_strongest) {
      m_prefix=prefix;
      m_long=longs;
      m_short=shorts;
      m_smallest=smallest;
      m_most=most;
      m_labels=labels;
      m_shows_strongest=shows_strongest;
   }

   void Clear(void) {
      DeleteNumbered("band",0,m_boxes);
      DeleteNumbered("word",0,m_words);
      m_boxes=0;
      m_words=0;
      ObjectDelete(0,m_prefix+"above");
      ObjectDelete(0,m_prefix+"above_text");
      ObjectDelete(0,m_prefix+"below");
      ObjectDelete(0,m_prefix+"below_text");
   }

   //--- `gap` is the height of a line of words, as a price
   void Draw(const LiqFrame &frame,const double ratio,CLiqClock &clock,const datetime newest_bar,const double gap) {
      int old_boxes=m_boxes;
      int old_words=m_words;
      datetime right=(datetime)((long)newest_bar+LIQ_MARGIN_BARS*(long)PeriodSeconds(_Period));
      int above=m_shows_strongest ? Strongest(frame,true) : -1;
      int below=m_shows_strongest ? Strongest(frame,false) : -1;
      m_boxes=0;
      m_words=0;
      ArrayResize(m_taken,0);
      DrawStrongest(frame,above,true,ratio,newest_bar);
      DrawStrongest(frame,below,false,ratio,newest_bar);
      for(int i=0; i<ArraySize(frame.bands) && m_boxes<m_most; i++) {
         if((int)frame.bands[i].level<m_smallest)
            continue;
         DrawBox(frame,i,ratio,clock,right);
         double top=frame.bands[i].high*ratio;
         if(m_words<m_labels && LiqIsOpen(frame,i) && i!=above && i!=below && TakePlace(top,gap)) {
            DrawWord(m_prefix+"word"+IntegerToString(m_words),Amount(frame,frame.bands[i].value),newest_bar,top);
            m_words++;
         }
      }
      DeleteNumbered("band",m_boxes,old_boxes);
      DeleteNumbered("word",m_words,old_words);
   }
};

#endif
