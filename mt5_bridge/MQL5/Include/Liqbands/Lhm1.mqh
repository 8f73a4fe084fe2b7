//+------------------------------------------------------------------+
//| Lhm1.mqh                                                         |
//| Bytes to a frame. LiqCheck looks at everything and changes       |
//| nothing; LiqFill takes what has passed.                          |
//+------------------------------------------------------------------+
#ifndef LIQBANDS_LHM1_MQH
#define LIQBANDS_LHM1_MQH

#include <Liqbands/Layout.mqh>
#include <Liqbands/Crc32.mqh>

bool LiqIsPositive(const double value) {
   return(MathIsValidNumber(value) && value>0.0);
}

bool LiqIsTime(const long ms) {
   return(ms>=0 && ms<=LIQ_LATEST_MS);
}

//--- length, magic, version, total size, check sum: in this order
bool LiqCheckWhole(const uchar &bytes[],LiqHeader &header,string &why) {
   int size=ArraySize(bytes);
   if(size<LIQ_HEADER_BYTES || !CharArrayToStruct(header,bytes,0)) {
      why=StringFormat("short file: %d bytes",size);
      return(false);
   }
   if(header.magic[0]!='L' || header.magic[1]!='H' || header.magic[2]!='M' || header.magic[3]!='1') {
      why="not a Liqbands file";
      return(false);
   }
   if(header.version!=LIQ_VERSION) {
      why=StringFormat("file version %d, this reads %d: update it",(int)header.version,LIQ_VERSION);
      return(false);
   }
   if((long)header.total_size!=(long)size) {
      why=StringFormat("torn file: %d of %u bytes",size,header.total_size);
      return(false);
   }
   if(LiqCrc32(bytes,LIQ_CRC_FROM,size-LIQ_CRC_FROM)!=header.crc32) {
      why="damaged file: wrong check sum";
      return(false);
   }
   return(true);
}

bool LiqIsInside(const long offset,const long bytes,const long size) {
   return(bytes==0 || (offset>=LIQ_HEADER_BYTES && offset+bytes<=size));
}

long LiqCellCount(const LiqHeader &header) {
   return((long)header.rows*(long)header.cols);
}

bool LiqCheckSizes(const LiqHeader &header,const LiqMore &more,string &why) {
   long size=(long)header.total_size;
   long cells=LiqCellCount(header);
   //--- rows alone is below 2^32, so the product cannot overflow once it is compared as a double
   if(header.nbands>LIQ_MOST_BANDS || (double)header.rows*(double)header.cols>LIQ_MOST_CELLS) {
      why="damaged file: larger than any writer makes it";
      return(false);
   }
   if(!LiqIsInside((long)header.bands_offset,(long)header.nbands*LIQ_BAND_BYTES,size)
      || !LiqIsInside((long)header.grid_offset,2*cells,size)
      || !LiqIsInside((long)more.details_offset,(long)more.ndetails*LIQ_DETAIL_BYTES,size)) {
      why="damaged file: a part lies outside of it";
      return(false);
   }
   if(cells>0 && ((header.flags & LIQ_FLAG_GEOMETRIC)==0 || (header.flags & LIQ_FLAG_TWO_PLANES)==0)) {
      why="old writer: update it (rows not geometric or one plane)";
      return(false);
   }
   return(true);
}

bool LiqCheckNumbers(const LiqHeader &header,const LiqMore &more,string &why) {
   bool ok=LiqIsPositive(header.ref_price) && header.seq>0
           && LiqIsTime(header.data_ms) && LiqIsTime(header.generated_ms)
           && LiqIsTime(more.oldest_venue_ms) && MathIsValidNumber(more.observed_share);
   if(ok && LiqCellCount(header)>0) {
      ok=LiqIsPositive(header.price_min) && LiqIsPositive(header.price_step)
         && LiqIsPositive(header.min_value) && LiqIsPositive(header.max_value)
         && header.max_value>=header.min_value && header.dt_ms>0 && LiqIsTime(header.t0_ms);
      //--- the top edge of the grid must be a number, too
      ok=ok && LiqIsPositive(header.price_min*MathExp(header.price_step*(double)header.rows));
   }
   if(!ok)
      why="damaged file: a number in the header is impossible";
   return(ok);
}

bool LiqCheckBands(const uchar &bytes[],const LiqHeader &header,const LiqMore &more,string &why) {
   bool ok=true;
   for(int i=0; ok && i<(int)header.nbands; i++) {
      LiqBand band;
      ok=CharArrayToStruct(band,bytes,header.bands_offset+(uint)(i*LIQ_BAND_BYTES))
         && LiqIsPositive(band.low) && LiqIsPositive(band.high) && band.low<band.high
         && MathIsValidNumber(band.value) && band.value>=0.0;
   }
   for(int i=0; ok && i<(int)more.ndetails; i++) {
      LiqDetail detail;
      ok=CharArrayToStruct(detail,bytes,more.details_offset+(uint)(i*LIQ_DETAIL_BYTES))
         && LiqIsPositive(detail.peak_price)
         && MathIsValidNumber(detail.value_low) && detail.value_low>=0.0
         && MathIsValidNumber(detail.value_high) && detail.value_high>=0.0 && detail.strength<=100;
   }
   if(!ok)
      why="damaged file: a number of a band is impossible";
   return(ok);
}

//--- true when every check has passed; then header and more are set
bool LiqCheck(const uchar &bytes[],LiqHeader &header,LiqMore &more,string &why) {
   ZeroMemory(more);
   if(!LiqCheckWhole(bytes,header,why))
      return(false);
   bool has_more=(header.header_size>=LIQ_HEADER_BYTES+LIQ_MORE_BYTES);
   if(has_more && !CharArrayToStruct(more,bytes,LIQ_HEADER_BYTES)) {
      why="damaged file: a part lies outside of it";
      return(false);
   }
   if(more.ndetails!=header.nbands)
      more.ndetails=0;
   return(LiqCheckSizes(header,more,why) && LiqCheckNumbers(header,more,why)
          && LiqCheckBands(bytes,header,more,why));
}

//--- only after LiqCheck
void LiqFill(const uchar &bytes[],const LiqHeader &header,const LiqMore &more,LiqFrame &frame) {
   int n_bands=(int)header.nbands;
   int n_details=(int)more.ndetails;
   int n_cells=(int)LiqCellCount(header);
   ArrayResize(frame.bands,n_bands);
   for(int i=0; i<n_bands; i++)
      CharArrayToStruct(frame.bands[i],bytes,header.bands_offset+(uint)(i*LIQ_BAND_BYTES));
   ArrayResize(frame.details,n_details);
   for(int i=0; i<n_details; i++)
      CharArrayToStruct(frame.details[i],bytes,more.details_offset+(uint)(i*LIQ_DETAIL_BYTES));
   ArrayResize(frame.cells,2*n_cells);
   if(n_cells>0)
      ArrayCopy(frame.cells,bytes,0,(int)header.grid_offset,2*n_cells);
   frame.rows=(n_cells>0) ? (int)header.rows : 0;
   frame.columns=(n_cells>0) ? (int)header.cols : 0;
   frame.header=header;
   frame.more=more;
   frame.symbol=CharArrayToString(header.symbol);
   frame.valid=true;
}

void LiqClear(LiqFrame &frame) {
   frame.valid=false;
   ZeroMemory(frame.header);
   ZeroMemory(frame.more);
   frame.symbol="";
   frame.rows=0;
   frame.columns=0;
   ArrayResize(frame.bands,0);
   ArrayResize(frame.details,0);
   ArrayResize(frame.cells,0);
}

//--- notional is a share of the book: prices alone are known, no open interest
bool LiqIsShare(const LiqFrame &frame) {
   return((frame.header.flags & LIQ_FLAG_RELATIVE)!=0);
}

//--- notional that a level stands for, quote currency or a share
double LiqNotional(const LiqFrame &frame,const int level) {
   if(level<=0 || !LiqIsPositive(frame.header.min_value))
      return(0.0);
   double range=(double)frame.header.max_value/(double)frame.header.min_value;
   return((double)frame.header.min_value*MathPow(range,(double)(level-1)/254.0));
}

double LiqPeakPrice(const LiqFrame &frame,const int band) {
   if(band<ArraySize(frame.details))
      return(frame.details[band].peak_price);
   return(0.5*(frame.bands[band].low+frame.bands[band].high));
}

bool LiqIsOpen(const LiqFrame &frame,const int band) {
   bool is_swept=(band<ArraySize(frame.details) && frame.details[band].state==LIQ_STATE_SWEPT);
   return(frame.bands[band].t_end==0 && !is_swept);
}

#endif
