//+------------------------------------------------------------------+
//| Words.mqh                                                        |
//| What the corner says: first of all why nothing is drawn.         |
//+------------------------------------------------------------------+
#ifndef LIQBANDS_WORDS_MQH
#define LIQBANDS_WORDS_MQH

#include <Liqbands/Basis.mqh>
#include <Liqbands/Feed.mqh>
#include <Liqbands/Text.mqh>

#define LIQ_FUTURE_SECONDS 5
#define LIQ_QUIET_SECONDS  300

//--- what is known at one moment
struct LiqNow {
   bool is_clock_known;
   long data_age;      // seconds
   long quote_age;     // seconds; -1 before the first quote
   bool is_stale;
   long utc;
   int  clock_offset;  // seconds
};

//--- empty when something is drawn
string LiqWhyEmpty(CLiqFeed &feed,CLiqBasis &basis,const LiqNow &now) {
   if(!feed.HasFrame())
      return(feed.Trouble());
   if(!now.is_clock_known)
      return("waiting for the broker's clock: is it connected?");
   if(basis.IsFar())
      return(StringFormat("off by %+.1f%%: is %s the right feed?",100.0*(basis.FarRatio()-1.0),feed.Name()));
   if(!basis.IsKnown())
      return(now.quote_age<0 ? "waiting for the first quote" : "market closed: drawn with its next quote");
   if(feed.m_frame.columns==0 && ArraySize(feed.m_frame.bands)==0)
      return("nothing stands on this feed");
   return("");
}

string LiqStateWords(CLiqFeed &feed,CLiqBasis &basis,const LiqNow &now) {
   string why=LiqWhyEmpty(feed,basis,now);
   if(why!="")
      return(why);
   string words="live  "+LiqAge(now.data_age<0 ? 0 : now.data_age);
   if(now.data_age<-LIQ_FUTURE_SECONDS)
      words=StringFormat("PC clock is %I64d s behind the feed",-now.data_age);
   if(now.is_stale)
      words="STALE "+LiqAge(now.data_age)+": writer or server stopped";
   if(feed.Trouble()!="")
      words=feed.Trouble()+"  "+words;
   return(words);
}

string LiqFeedWords(CLiqFeed &feed) {
   string words=feed.Name()+"  "+feed.Timeframe();
   uint flags=feed.HasFrame() ? feed.m_frame.header.flags : 0;
   if((flags & LIQ_FLAG_SIMULATED)!=0)
      words="SIMULATED  "+words;
   if((flags & LIQ_FLAG_DEGRADED)!=0)
      words="DEGRADED  "+words;
   if(feed.Title()!="")
      words+="  "+feed.Title();
   return(words);
}

string LiqTotalWords(const double longs,const double shorts,const bool is_share) {
   string words="longs "+LiqAmount(longs,is_share)+"  shorts "+LiqAmount(shorts,is_share);
   if(is_share)
      words+=" of the book";
   if(shorts>0.0)
      words+=StringFormat("  ratio %.2f",longs/shorts);
   return(words);
}

string LiqBasisWords(CLiqBasis &basis,const LiqNow &now) {
   string words=StringFormat("basis %+.2f%%",100.0*(basis.Ratio()-1.0));
   if(basis.IsOld())
      words+=" (earlier session)";
   if(now.quote_age>LIQ_QUIET_SECONDS)
      words+="  market closed";
   return(words+StringFormat("  clock UTC%+.1f h",now.clock_offset/3600.0));
}

string LiqVenueWords(const LiqFrame &frame,const LiqNow &now) {
   if(frame.more.venues_total==0)
      return("");
   long oldest=now.utc-frame.more.oldest_venue_ms/1000;
   return(StringFormat("venues %d of %d  observed %.0f%%  oldest %s",(int)frame.more.venues_live,
                       (int)frame.more.venues_total,100.0*(double)frame.more.observed_share,
                       LiqAge(oldest<0 ? 0 : oldest)));
}

#endif
