//+------------------------------------------------------------------+
//| Basis.mqh                                                        |
//| The broker's price over the feed's. A ratio, never a difference, |
//| because a ratio moves far bands rightly, too.                    |
//+------------------------------------------------------------------+
#ifndef LIQBANDS_BASIS_MQH
#define LIQBANDS_BASIS_MQH

#define LIQ_BASIS_SMOOTHING 0.2
#define LIQ_BASIS_REFUSALS  3
#define LIQ_BASIS_GAP_MS    30000

class CLiqBasis {
private:
   double m_ratio;
   bool   m_is_known;
   bool   m_is_old;      // of an earlier session
   int    m_too_far;     // how many in a row
   double m_last_far;
   double m_bound;

public:
   CLiqBasis(void) : m_ratio(1.0),m_is_known(false),m_is_old(false),m_too_far(0),m_last_far(1.0),m_bound(0.03) {}

   void SetBound(const double percent) {
      m_bound=(MathIsValidNumber(percent) && percent>0.0) ? percent/100.0 : 0.03;
   }

   //--- no shift at all
   void Fix(const double ratio) {
      m_ratio=ratio;
      m_is_known=true;
      m_is_old=false;
      m_too_far=0;
   }

   void Remember(const double ratio) {
      if(!MathIsValidNumber(ratio) || MathAbs(ratio-1.0)>m_bound)
         return;
      m_ratio=ratio;
      m_is_known=true;
      m_is_old=true;
   }

   bool   IsKnown(void) const { return(m_is_known); }
   bool   IsOld(void) const { return(m_is_old); }
   bool   IsFar(void) const { return(m_too_far>=LIQ_BASIS_REFUSALS || (m_too_far>0 && !m_is_known)); }
   bool   IsUsable(void) const { return(m_is_known && m_too_far<LIQ_BASIS_REFUSALS); }
   double Ratio(void) const { return(m_ratio); }
   double FarRatio(void) const { return(m_last_far); }

   //--- one pair of prices; true when they are of the same moment, so that this frame is done
   bool Compare(const double broker_price,const long broker_ms,const double feed_price,const long feed_ms) {
      if(!MathIsValidNumber(broker_price) || !MathIsValidNumber(feed_price) || broker_price<=0.0 || feed_price<=0.0)
         return(false);
      long gap=broker_ms-feed_ms;
      if(gap>LIQ_BASIS_GAP_MS || gap<-LIQ_BASIS_GAP_MS)
         return(false);
      double ratio=broker_price/feed_price;
      if(MathAbs(ratio-1.0)>m_bound) {
         m_too_far++;      // one wild tick hides nothing
         m_last_far=ratio;
         return(true);
      }
      bool is_first=(!m_is_known || m_is_old);
      m_ratio=is_first ? ratio : m_ratio+LIQ_BASIS_SMOOTHING*(ratio-m_ratio);
      m_is_known=true;
      m_is_old=false;
      m_too_far=0;
      return(true);
   }
};

#endif
