//+------------------------------------------------------------------+
//| Feed.mqh                                                         |
//| Which file a chart shows, and its last good frame. A torn,       |
//| stale, foreign or damaged file never replaces it.                |
//+------------------------------------------------------------------+
#ifndef LIQBANDS_FEED_MQH
#define LIQBANDS_FEED_MQH

#include <Liqbands/Lhm1.mqh>
#include <Liqbands/Files.mqh>
#include <Liqbands/Symbols.mqh>

#define LIQ_WANT_SECONDS 60

class CLiqFeed {
private:
   string   m_wished;       // the user's own choice, may be empty
   string   m_broker;
   string   m_name;
   string   m_title;
   string   m_timeframe;    // what the chart wants
   string   m_file;         // what is there
   string   m_trouble;
   bool     m_was_tried;
   uint     m_tried_seq;    // of the file that was looked at last, good or bad
   uint     m_tried_crc;
   ulong    m_tried_size;
   string   m_tried_trouble;
   datetime m_wanted_at;

   void Forget(void) {
      LiqClear(m_frame);
      m_was_tried=false;
      m_wanted_at=0;
   }

   //--- the wanted timeframe, else a finer one, else a coarser one
   string FindFile(void) {
      int wanted=0;
      for(int i=0; i<LIQ_TIMEFRAMES; i++) {
         if(LiqTimeframeName(i)==m_timeframe)
            wanted=i;
      }
      for(int i=wanted; i>=0; i--) {
         if(FileIsExist(LiqFrameFile(m_name,LiqTimeframeName(i)),FILE_COMMON))
            return(LiqFrameFile(m_name,LiqTimeframeName(i)));
      }
      for(int i=wanted+1; i<LIQ_TIMEFRAMES; i++) {
         if(FileIsExist(LiqFrameFile(m_name,LiqTimeframeName(i)),FILE_COMMON))
            return(LiqFrameFile(m_name,LiqTimeframeName(i)));
      }
      return(LiqFrameFile(m_name,m_timeframe));
   }

   string WhyNot(const uchar &bytes[],LiqHeader &header,LiqMore &more) {
      string why="";
      if(!LiqCheck(bytes,header,more,why))
         return(why);
      string symbol=CharArrayToString(header.symbol);
      if(LiqFilePart(symbol)!=LiqFilePart(m_name))
         return("foreign file: it holds "+symbol);
      return("");
   }

public:
   LiqFrame m_frame;        // read only from outside

   CLiqFeed(void) : m_was_tried(false),m_tried_seq(0),m_tried_crc(0),m_tried_size(0),m_wanted_at(0) {}

   void Start(const string wished,const string broker,const int bar_seconds) {
      m_wished=wished;
      StringTrimLeft(m_wished);
      StringTrimRight(m_wished);
      m_broker=broker;
      m_timeframe=LiqTimeframeName(LiqTimeframeFor(bar_seconds));
      m_name="";
      m_trouble="waiting for data";
      Forget();
      Resolve();
   }

   //--- every few seconds: the table of names and the files may have changed
   void Resolve(void) {
      string table=LiqReadText("Liqbands\\index.csv");
      string name=(m_wished=="") ? LiqNormalizeSymbol(m_broker) : m_wished;
      string feed="";
      string title="";
      if((m_wished=="" && LiqLookUp(table,m_broker,feed,title)) || LiqLookUp(table,name,feed,title))
         name=feed;
      if(name!=m_name)
         Forget();
      m_name=name;
      m_title=title;
      string file=FindFile();
      //--- a bad file is looked at again, but not at every tick: it may have become whole
      if(file!=m_file || m_tried_trouble!="")
         m_was_tried=false;
      m_file=file;
   }

   //--- tells writers that somebody looks at this feed
   void Want(const datetime utc) {
      if(m_name=="" || (utc>=m_wanted_at && utc-m_wanted_at<LIQ_WANT_SECONDS))
         return;
      m_wanted_at=utc;
      LiqWriteText(LiqWantFile(m_name,m_timeframe),
                   IntegerToString((long)utc)+" "+m_name+" "+m_timeframe+" "+m_broker+"\n");
   }

   //--- true when there is a new frame; costs 128 bytes when there is none
   bool Poll(const long now_ms,const long stale_ms) {
      LiqHeader header;
      ulong size=0;
      if(!LiqPeek(m_file,header,size)) {
         if(!m_frame.valid)
            m_trouble="no data yet: start the liqbands writer";
         return(false);
      }
      if(m_was_tried && header.seq==m_tried_seq && header.crc32==m_tried_crc && size==m_tried_size) {
         m_trouble=m_tried_trouble;
         return(false);
      }
      //--- a live picture is not replaced by an older one; one that is stale or of the future may be
      long age=now_ms-m_frame.header.data_ms;
      bool is_live=(m_frame.valid && age<=stale_ms && age>=-stale_ms);
      if(is_live && size>=LIQ_HEADER_BYTES && header.data_ms<m_frame.header.data_ms) {
         m_trouble="older file ignored: two writers?";
         return(false);
      }
      uchar bytes[];
      if(!LiqReadFile(m_file,bytes) && size>0)
         return(false);   // busy: try again
      LiqMore more;
      m_tried_trouble=WhyNot(bytes,header,more);
      m_was_tried=true;
      m_tried_seq=header.seq;
      m_tried_crc=header.crc32;
      m_tried_size=size;
      m_trouble=m_tried_trouble;
      if(m_trouble!="")
         return(false);
      LiqFill(bytes,header,more,m_frame);
      return(true);
   }

   bool   HasFrame(void) const { return(m_frame.valid); }
   string Name(void) const { return(m_name); }
   string Title(void) const { return(m_title); }
   string Timeframe(void) const { return(m_timeframe); }
   string File(void) const { return(m_file); }
   string Trouble(void) const { return(m_trouble); }
};

#endif
