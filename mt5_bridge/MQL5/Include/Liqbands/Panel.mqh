//+------------------------------------------------------------------+
//| Panel.mqh                                                        |
//| A few lines of words in the corner. A line that did not change   |
//| is not touched.                                                  |
//+------------------------------------------------------------------+
#ifndef LIQBANDS_PANEL_MQH
#define LIQBANDS_PANEL_MQH

#include <Liqbands/Text.mqh>

#define LIQ_PANEL_LINES  5
#define LIQ_PANEL_LEFT   8
#define LIQ_PANEL_TOP    20
#define LIQ_PANEL_HEIGHT 16
#define LIQ_PLATE_WIDTH  400
#define LIQ_PLATE_ALPHA  190

class CLiqPanel {
private:
   string m_prefix;
   string m_texts[LIQ_PANEL_LINES];
   color  m_colours[LIQ_PANEL_LINES];
   bool   m_is_changed;

   string Name(const int line) const { return(m_prefix+"line"+IntegerToString(line)); }

   void Make(const int line) {
      string name=Name(line);
      ObjectCreate(0,name,OBJ_LABEL,0,0,0);
      ObjectSetInteger(0,name,OBJPROP_CORNER,CORNER_LEFT_UPPER);
      ObjectSetInteger(0,name,OBJPROP_XDISTANCE,LIQ_PANEL_LEFT);
      ObjectSetInteger(0,name,OBJPROP_YDISTANCE,LIQ_PANEL_TOP+line*LIQ_PANEL_HEIGHT);
      ObjectSetInteger(0,name,OBJPROP_FONTSIZE,9);
      ObjectSetInteger(0,name,OBJPROP_SELECTABLE,false);
      ObjectSetInteger(0,name,OBJPROP_HIDDEN,true);
   }

public:
   CLiqPanel(void) : m_is_changed(false) {}

   void Start(const string prefix) {
      m_prefix=prefix;
      for(int line=0; line<LIQ_PANEL_LINES; line++) {
         m_texts[line]="";
         m_colours[line]=clrNONE;
      }
   }

   void Write(const int line,const string words,const color colour) {
      string text=LiqCut(words);
      if(line<0 || line>=LIQ_PANEL_LINES || (text==m_texts[line] && colour==m_colours[line]))
         return;
      if(text=="")
         ObjectDelete(0,Name(line));
      else {
         if(m_texts[line]=="")
            Make(line);
         ObjectSetString(0,Name(line),OBJPROP_TEXT,text);
         ObjectSetInteger(0,Name(line),OBJPROP_COLOR,colour);
      }
      m_texts[line]=text;
      m_colours[line]=colour;
      m_is_changed=true;
   }

   void Clear(void) {
      for(int line=0; line<LIQ_PANEL_LINES; line++)
         Write(line,"",clrNONE);
   }

   //--- true once after a change
   bool TakeChange(void) {
      bool is_changed=m_is_changed;
      m_is_changed=false;
      return(is_changed);
   }
};

#endif
