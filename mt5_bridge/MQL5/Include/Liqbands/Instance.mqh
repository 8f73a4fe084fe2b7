//+------------------------------------------------------------------+
//| Instance.mqh                                                     |
//| Several indicators on one chart, and what is left of dead ones.  |
//+------------------------------------------------------------------+
#ifndef LIQBANDS_INSTANCE_MQH
#define LIQBANDS_INSTANCE_MQH

#define LIQ_OBJECTS    "Liqbands_"
#define LIQ_SHORT_NAME "Liqbands "

//--- a name of its own for every instance: the old copy may outlive OnInit of the new one
string LiqNewPrefix(void) {
   string counter="Liqbands instance";
   double number=GlobalVariableGet(counter)+1.0;
   GlobalVariableSet(counter,number);
   return(LIQ_OBJECTS+DoubleToString(number,0)+"_");
}

//--- what a terminal that was killed left on the chart
void LiqDeleteOldObjects(void) {
   for(int i=0; i<ChartIndicatorsTotal(0,0); i++) {
      if(StringFind(ChartIndicatorName(0,0,i),LIQ_SHORT_NAME)==0)
         return;
   }
   ObjectsDeleteAll(0,LIQ_OBJECTS);
}

#endif
