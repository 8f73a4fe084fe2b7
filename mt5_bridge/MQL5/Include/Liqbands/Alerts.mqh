//+------------------------------------------------------------------+
//| Alerts.mqh                                                       |
//| Says when the price enters a band or sweeps it, and when the     |
//| data have become stale. On stale data it says nothing else.      |
//+------------------------------------------------------------------+
#ifndef LIQBANDS_ALERTS_MQH
#define LIQBANDS_ALERTS_MQH

#include <Liqbands/Lhm1.mqh>
#include <Liqbands/Text.mqh>

#define LIQ_SAME_PRICE       0.0005
#define LIQ_MOST_REMEMBERED  200
#define LIQ_PUSHES_A_MINUTE  10
#define LIQ_MOST_PUSH        255

enum ENUM_LIQ_EVENT {
   LIQ_EVENT_ENTER = 0,
   LIQ_EVENT_SWEEP = 1
};

struct LiqAlertRules {
   bool   on_enter;
   bool   on_sweep;
   bool   on_stale;
   bool   by_terminal;
   bool   by_push;
   bool   by_mail;
   int    smallest;    // level
   double distance;    // share of the price
   int    cooldown;    // seconds
};

class CLiqAlerts {
private:
   LiqAlertRules m_rules;
   double        m_price;        // the last one; 0 before the first
   bool          m_was_live;
   double        m_at[];         // said: price,
   datetime      m_when[];       // time
   int           m_what[];       // and event
   datetime      m_pushes[];

   //--- the same event at the same price again? Remembers it, if not
   bool IsRepeated(const int event,const double price,const datetime utc) {
      int n=ArraySize(m_at);
      for(int i=0; i<n; i++) {
         if(m_what[i]!=event || MathAbs(m_at[i]/price-1.0)>=LIQ_SAME_PRICE)
            continue;
         if(utc-m_when[i]<m_rules.cooldown)
            return(true);
         m_when[i]=utc;
         return(false);
      }
      if(n>=LIQ_MOST_REMEMBERED)
         n=0;
      ArrayResize(m_at,n+1,LIQ_MOST_REMEMBERED);
      ArrayResize(m_when,n+1,LIQ_MOST_REMEMBERED);
      ArrayResize(m_what,n+1,LIQ_MOST_REMEMBERED);
      m_at[n]=price;
      m_when[n]=utc;
      m_what[n]=event;
      return(false);
   }

   //--- two a second and ten a minute, or the terminal switches pushes off
   bool MayPush(const datetime utc) {
      int kept=0;
      int now=0;
      for(int i=0; i<ArraySize(m_pushes); i++) {
         if(utc-m_pushes[i]>=60)
            continue;
         now+=(m_pushes[i]==utc) ? 1 : 0;
         m_pushes[kept]=m_pushes[i];
         kept++;
      }
      ArrayResize(m_pushes,kept,LIQ_PUSHES_A_MINUTE);
      if(kept>=LIQ_PUSHES_A_MINUTE || now>=2)
         return(false);
      ArrayResize(m_pushes,kept+1,LIQ_PUSHES_A_MINUTE);
      m_pushes[kept]=utc;
      return(true);
   }

   void Say(const string text,const datetime utc) {
      if(m_rules.by_terminal)
         Alert(text);
      if(m_rules.by_push && MayPush(utc) && !SendNotification(StringSubstr(text,0,LIQ_MOST_PUSH)))
         Print("Liqbands: push failed, error ",GetLastError()," (Tools > Options > Notifications)");
      if(m_rules.by_mail && !SendMail("Liqbands "+_Symbol,text))
         Print("Liqbands: mail failed, error ",GetLastError()," (Tools > Options > Email)");
   }

   void SayOf(const LiqFrame &frame,const int i,const double ratio,const int event,const datetime utc) {
      double middle=0.5*(frame.bands[i].low+frame.bands[i].high)*ratio;
      if(IsRepeated(event,middle,utc))
         return;
      Say(StringFormat("%s: price %s %s band of %s at %s (%s)",_Symbol,DoubleToString(m_price,_Digits),
                       event==LIQ_EVENT_ENTER ? "reaches the" : "swept the",LiqSideName(frame.bands[i].side),
                       DoubleToString(middle,_Digits),LiqAmount(frame.bands[i].value,LiqIsShare(frame))),utc);
   }

   void CheckBand(const LiqFrame &frame,const int i,const double ratio,const double before,const datetime utc) {
      double low=frame.bands[i].low*ratio;
      double high=frame.bands[i].high*ratio;
      bool is_long=(frame.bands[i].side==LIQ_SIDE_LONG);
      //--- longs stand below the price and are swept by a fall, shorts by a rise
      bool swept=is_long ? (before>=low && m_price<low) : (before<=high && m_price>high);
      if(swept && m_rules.on_sweep)
         SayOf(frame,i,ratio,LIQ_EVENT_SWEEP,utc);
      double from=low*(1.0-m_rules.distance);
      double to=high*(1.0+m_rules.distance);
      bool was_in=(before>=from && before<=to);
      bool is_in=(m_price>=from && m_price<=to);
      if(!swept && is_in && !was_in && m_rules.on_enter)
         SayOf(frame,i,ratio,LIQ_EVENT_ENTER,utc);
   }

public:
   CLiqAlerts(void) : m_price(0.0),m_was_live(false) {}

   void Start(const LiqAlertRules &rules) {
      m_rules=rules;
      if(!MathIsValidNumber(m_rules.distance) || m_rules.distance<0.0)
         m_rules.distance=0.0;
      m_price=0.0;
      m_was_live=false;
   }

   //--- at every price; `is_live` is false for stale data and when nothing is drawn
   void CheckPrice(const LiqFrame &frame,const double price,const double ratio,const bool is_live,const datetime utc) {
      if(!MathIsValidNumber(price) || price<=0.0)
         return;
      double before=m_price;
      m_price=price;
      if(before<=0.0 || !is_live || (!m_rules.on_enter && !m_rules.on_sweep))
         return;
      for(int i=0; i<ArraySize(frame.bands); i++) {
         if((int)frame.bands[i].level>=m_rules.smallest && LiqIsOpen(frame,i))
            CheckBand(frame,i,ratio,before,utc);
      }
   }

   void CheckAge(const string feed,const bool is_live,const datetime utc) {
      if(m_rules.on_stale && m_was_live && !is_live)
         Say(_Symbol+": the liquidation data of "+feed+" are stale",utc);
      m_was_live=is_live;
   }
};

#endif
