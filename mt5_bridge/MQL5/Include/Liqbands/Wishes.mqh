//+------------------------------------------------------------------+
//| Wishes.mqh                                                       |
//| Which frames somebody looks at: what charts have written into    |
//| Liqbands\want, and what the user listed.                         |
//+------------------------------------------------------------------+
#ifndef LIQBANDS_WISHES_MQH
#define LIQBANDS_WISHES_MQH

#include <Liqbands/Files.mqh>
#include <Liqbands/Symbols.mqh>

#define LIQ_WISH_SECONDS  180
#define LIQ_LEAST_PAUSE   5
#define LIQ_MOST_PAUSE    60

struct LiqWish {
   string   feed;
   string   timeframe;
   bool     is_kept;      // listed by the user
   datetime wished_at;
   uint     seq;          // of the last frame
   string   file;         // of the last frame
   int      pause;        // seconds; 0 when all is well
   datetime not_before;
};

class CLiqWishes {
public:
   LiqWish m_wishes[];    // read and written by the service

   int Find(const string feed,const string timeframe) {
      for(int i=0; i<ArraySize(m_wishes); i++) {
         if(m_wishes[i].feed==feed && m_wishes[i].timeframe==timeframe)
            return(i);
      }
      int n=ArraySize(m_wishes);
      ArrayResize(m_wishes,n+1);
      m_wishes[n].feed=feed;
      m_wishes[n].timeframe=timeframe;
      m_wishes[n].is_kept=false;
      m_wishes[n].wished_at=0;
      m_wishes[n].seq=0;
      m_wishes[n].file="";
      m_wishes[n].pause=0;
      m_wishes[n].not_before=0;
      return(n);
   }

   void KeepOne(const string feed,const string timeframe) {
      int i=Find(feed,timeframe);
      m_wishes[i].is_kept=true;
   }

   //--- feed:timeframe, separated by commas; the feed may hold colons, too
   void Keep(const string list) {
      string items[];
      int n=StringSplit(list,',',items);
      for(int i=0; i<n; i++) {
         string item=items[i];
         StringTrimLeft(item);
         StringTrimRight(item);
         int at=-1;
         for(int k=StringFind(item,":"); k>=0; k=StringFind(item,":",k+1))
            at=k;
         if(at>0 && at<StringLen(item)-1)
            KeepOne(StringSubstr(item,0,at),StringSubstr(item,at+1));
         else
            if(item!="")
               Print("LiqBridge: want feed:timeframe, e.g. BTCUSD:5m, not ",item);
      }
   }

   //--- one line: UTC seconds, feed, timeframe, broker's symbol
   void Take(const string line) {
      string words[];
      if(StringSplit(line,' ',words)<3 || words[1]=="" || words[2]=="")
         return;
      datetime utc=(datetime)StringToInteger(words[0]);
      if(utc<=0)
         return;
      int i=Find(words[1],words[2]);   // may move the array
      m_wishes[i].wished_at=utc;
   }

   void Read(void) {
      string names[];
      string found="";
      long search=FileFindFirst("Liqbands\\want\\*",found,FILE_COMMON);
      if(search==INVALID_HANDLE)
         return;
      do {
         int n=ArraySize(names);
         ArrayResize(names,n+1);
         names[n]=found;
      }
      while(FileFindNext(search,found));
      FileFindClose(search);
      for(int i=0; i<ArraySize(names); i++)
         Take(LiqReadText("Liqbands\\want\\"+names[i]));
   }

   bool IsDue(const int i,const datetime utc) {
      bool is_wished=(m_wishes[i].is_kept || utc-m_wishes[i].wished_at<=LIQ_WISH_SECONDS);
      return(is_wished && utc>=m_wishes[i].not_before);
   }

   void Fail(const int i,const datetime utc) {
      int pause=2*m_wishes[i].pause;
      m_wishes[i].pause=(pause<LIQ_LEAST_PAUSE) ? LIQ_LEAST_PAUSE : (pause>LIQ_MOST_PAUSE ? LIQ_MOST_PAUSE : pause);
      m_wishes[i].not_before=(datetime)((long)utc+m_wishes[i].pause);
   }

   void Succeed(const int i) {
      m_wishes[i].pause=0;
      m_wishes[i].not_before=0;
   }
};

#endif
