//+------------------------------------------------------------------+
//| Layout.mqh                                                       |
//| LHM1 byte by byte, little-endian; mt5_bridge/README.md says what |
//| the fields mean. Fields are naturally aligned, so packing does   |
//| not matter.                                                      |
//+------------------------------------------------------------------+
#ifndef LIQBANDS_LAYOUT_MQH
#define LIQBANDS_LAYOUT_MQH

#define LIQ_VERSION         1
#define LIQ_HEADER_BYTES    128
#define LIQ_MORE_BYTES      32
#define LIQ_BAND_BYTES      32
#define LIQ_DETAIL_BYTES    24
#define LIQ_CRC_FROM        16
#define LIQ_MOST_BANDS      5000
#define LIQ_MOST_CELLS      4000000
#define LIQ_LATEST_MS       100000000000000

#define LIQ_FLAG_SIMULATED  1
#define LIQ_FLAG_DEGRADED   2
#define LIQ_FLAG_GEOMETRIC  4
#define LIQ_FLAG_TWO_PLANES 8
#define LIQ_FLAG_FORMING    16
#define LIQ_FLAG_RELATIVE   32

#define LIQ_SIDE_LONG       0
#define LIQ_SIDE_SHORT      1
#define LIQ_STATE_SWEPT     3

//--- number of the chart event by which the service says that a file is new
#define LIQ_NEW_FRAME       0x4C48

//--- bytes 0 to 127
struct LiqHeader {
   uchar  magic[4];       //   0
   ushort version;        //   4
   ushort header_size;    //   6
   uint   total_size;     //   8
   uint   crc32;          //  12
   uint   seq;            //  16
   uint   flags;          //  20
   long   generated_ms;   //  24
   long   data_ms;        //  32
   double ref_price;      //  40
   double price_min;      //  48
   double price_step;     //  56
   long   t0_ms;          //  64
   uint   dt_ms;          //  72
   uint   rows;           //  76
   uint   cols;           //  80
   uint   nbands;         //  84
   uint   bands_offset;   //  88
   uint   grid_offset;    //  92
   float  max_value;      //  96
   float  min_value;      // 100
   uchar  symbol[24];     // 104
};

//--- bytes 128 to 159: what the numbers rest on
struct LiqMore {
   ushort venues_live;     //  0
   ushort venues_total;    //  2
   float  observed_share;  //  4
   long   oldest_venue_ms; //  8
   uint   details_offset;  // 16
   uint   ndetails;        // 20
   ulong  reserved;        // 24
};

struct LiqBand {
   double low;        //  0
   double high;       //  8
   uint   t_start;    // 16
   uint   t_end;      // 20
   float  value;      // 24
   uchar  level;      // 28
   uchar  side;       // 29
   ushort leverage;   // 30
};

struct LiqDetail {
   double peak_price;  //  0
   float  value_low;   //  8
   float  value_high;  // 12
   uchar  strength;    // 16
   uchar  state;       // 17
   uchar  reserved[6]; // 18
};

//--- a file that passed every check
struct LiqFrame {
   bool      valid;
   LiqHeader header;
   LiqMore   more;
   string    symbol;
   int       rows;
   int       columns;
   LiqBand   bands[];
   LiqDetail details[];   // as many as bands, or none
   uchar     cells[];     // longs, then shorts; plane[column*rows+row]
};

#endif
