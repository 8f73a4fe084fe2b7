//+------------------------------------------------------------------+
//| Clock.mqh                                                        |
//| The broker's clock and UTC. Bar times are the broker's clock     |
//| written as seconds; history needs the daylight rule in force     |
//| then.                                                            |
//+------------------------------------------------------------------+
#ifndef LIQBANDS_CLOCK_MQH
#define LIQBANDS_CLOCK_MQH

enum ENUM_LIQ_DAYLIGHT {
   LIQ_DAYLIGHT_US    = 0,  // New York dates (most brokers)
   LIQ_DAYLIGHT_EU    = 1,  // European dates
   LIQ_DAYLIGHT_FIXED = 2   // No daylight saving
};

#define LIQ_HOUR 3600

//--- day of the month of the n-th Sunday; 5 is the last
int LiqSunday(const int year,const int month,const int n) {
   MqlDateTime t;
   ZeroMemory(t);
   t.year=year;
   t.mon=month;
   t.day=1;
   TimeToStruct(StructToTime(t),t);
   int day=1+(7-t.day_of_week)%7+(n-1)*7;
   return(day>31 ? day-7 : day);   // only asked for months of 31 days and for early Sundays
}

datetime LiqMoment(const int year,const int month,const int day,const int hour) {
   MqlDateTime t;
   ZeroMemory(t);
   t.year=year;
   t.mon=month;
   t.day=day;
   t.hour=hour;
   return(StructToTime(t));
}

string LiqDaylightName(const ENUM_LIQ_DAYLIGHT rule) {
   if(rule==LIQ_DAYLIGHT_US)
      return("us");
   return(rule==LIQ_DAYLIGHT_EU ? "eu" : "fixed");
}

class CLiqClock {
private:
   ENUM_LIQ_DAYLIGHT m_rule;
   int               m_winter;   // seconds that the clock is ahead of UTC in winter
   bool              m_is_known;
   datetime          m_year_from;
   datetime          m_year_to;
   datetime          m_summer_from;
   datetime          m_summer_to;

   void LearnYear(const datetime utc) {
      MqlDateTime t;
      TimeToStruct(utc,t);
      m_year_from=LiqMoment(t.year,1,1,0);
      m_year_to=LiqMoment(t.year+1,1,1,0);
      if(m_rule==LIQ_DAYLIGHT_US) {
         m_summer_from=LiqMoment(t.year,3,LiqSunday(t.year,3,2),7);
         m_summer_to=LiqMoment(t.year,11,LiqSunday(t.year,11,1),6);
      }
      else {
         m_summer_from=LiqMoment(t.year,3,LiqSunday(t.year,3,5),1);
         m_summer_to=LiqMoment(t.year,10,LiqSunday(t.year,10,5),1);
      }
   }

public:
   CLiqClock(void) : m_rule(LIQ_DAYLIGHT_US),m_winter(0),m_is_known(false),
                     m_year_from(0),m_year_to(0),m_summer_from(0),m_summer_to(0) {}

   void SetRule(const ENUM_LIQ_DAYLIGHT rule) {
      m_rule=rule;
      m_year_from=0;
      m_year_to=0;
   }

   void Fix(const int winter_seconds) {
      m_winter=winter_seconds;
      m_is_known=true;
   }

   bool IsKnown(void) const { return(m_is_known); }
   int  Winter(void) const { return(m_winter); }

   bool IsSummer(const datetime utc) {
      if(m_rule==LIQ_DAYLIGHT_FIXED)
         return(false);
      if(utc<m_year_from || utc>=m_year_to)
         LearnYear(utc);
      return(utc>=m_summer_from && utc<m_summer_to);
   }

   //--- true when the offset is new; both clocks derive from the PC's, so its error cancels
   bool Learn(void) {
      if(TerminalInfoInteger(TERMINAL_CONNECTED)==0)
         return(false);
      datetime utc=TimeGMT();
      long ahead=(long)TimeTradeServer()-(long)utc;
      int offset=(int)(1800*(long)MathRound((double)ahead/1800.0));
      if(offset<-12*LIQ_HOUR || offset>15*LIQ_HOUR)
         return(false);
      int winter=offset-(IsSummer(utc) ? LIQ_HOUR : 0);
      if(m_is_known && winter==m_winter)
         return(false);
      Fix(winter);
      return(true);
   }

   int OffsetAt(const datetime utc) {
      return(m_winter+(IsSummer(utc) ? LIQ_HOUR : 0));
   }

   datetime ToBroker(const datetime utc) {
      return((datetime)((long)utc+OffsetAt(utc)));
   }

   //--- the hour that comes twice in autumn is taken as summer time
   datetime ToUtc(const datetime broker) {
      datetime winter=(datetime)((long)broker-m_winter);
      datetime summer=(datetime)((long)winter-LIQ_HOUR);
      return(IsSummer(summer) ? summer : winter);
   }
};

#endif
