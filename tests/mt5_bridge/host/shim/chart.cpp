// Chart, objects, resources, market.
#include <algorithm>
#include "functions.hpp"

using host::terminal;

long ChartID() { return terminal().chart; }
long ChartFirst() { return terminal().charts.empty() ? -1 : terminal().charts[0]; }
long ChartNext(long chart) {
    auto& all = terminal().charts;
    auto found = std::find(all.begin(), all.end(), chart);
    return found == all.end() || found + 1 == all.end() ? -1 : *(found + 1);
}
void ChartRedraw(long) { terminal().redraws++; }
long ChartGetInteger(long, ENUM_CHART_PROPERTY_INTEGER property, int) {
    auto& t = terminal();
    switch (property) {
        case CHART_WIDTH_IN_PIXELS: return t.width;
        case CHART_HEIGHT_IN_PIXELS: return t.height;
        case CHART_FIRST_VISIBLE_BAR: return t.first;
        case CHART_COLOR_BACKGROUND: return 0x221713;
        case CHART_COLOR_FOREGROUND: return 0xF0E0D0;
        default: return t.scale;
    }
}
double ChartGetDouble(long, ENUM_CHART_PROPERTY_DOUBLE property, int) {
    return property == CHART_PRICE_MIN ? terminal().low : terminal().high;
}
bool ChartTimePriceToXY(long, int, datetime time, double price, int& x, int& y) {
    auto& t = terminal();
    auto& bars = t.bars.time;
    int shift = (int)(bars.data() + bars.size() - std::upper_bound(bars.data(), bars.data() + bars.size(), time));
    if (shift >= bars.size()) return false;
    x = (t.first - shift) * (1 << t.scale);
    y = (int)std::lround((t.high - price) / (t.high - t.low) * t.height);
    return true;
}
int ChartIndicatorsTotal(long, int) { return (int)terminal().indicators.size(); }
string ChartIndicatorName(long, int, int index) {
    auto& names = terminal().indicators;
    return index < 0 || index >= (int)names.size() ? string("") : string(names[(size_t)index]);
}
bool EventChartCustom(long chart, ushort id, long number, double, const string& text) {
    host::check_length("text of EventChartCustom", text.text);
    terminal().events.push_back({chart, CHARTEVENT_CUSTOM + id, number, text.text});
    return true;
}
bool IndicatorSetString(ENUM_CUSTOMIND_PROPERTY_STRING, const string& value) {
    if (host::is_denied("IndicatorSetString", {"service", "script"})) return false;
    terminal().indicators.push_back(value.text);
    return true;
}

namespace host {
static Object* find(const string& name) {
    auto& t = terminal();
    t.object_calls++;
    auto found = t.objects.find(name.text);
    if (found != t.objects.end()) return &found->second;
    t.last_error = ERR_OBJECT_NOT_FOUND;
    violate("property of a missing object: " + name.text);
    return nullptr;
}
}  // namespace host

bool ObjectCreate(long, const string& name, ENUM_OBJECT type, int, datetime time1, double price1, datetime time2,
                  double price2) {
    auto& t = terminal();
    t.object_calls++;
    host::check_length("object name", name.text);
    if (t.objects.count(name.text)) {
        t.last_error = ERR_OBJECT_ALREADY_EXISTS;
        host::violate("object exists: " + name.text);
        return false;
    }
    t.objects[name.text] = {type, {time1, time2}, {price1, price2}, {}, {}};
    return true;
}
bool ObjectSetInteger(long, const string& name, ENUM_OBJECT_PROPERTY_INTEGER property, long value) {
    auto* object = host::find(name);
    if (object) object->numbers[property] = value;
    return object != nullptr;
}
bool ObjectSetString(long, const string& name, ENUM_OBJECT_PROPERTY_STRING property, const string& value) {
    auto* object = host::find(name);
    if (property == OBJPROP_TEXT || property == OBJPROP_BMPFILE) host::check_length("text or bitmap", value.text);
    if (object) object->texts[property] = value.text;
    return object != nullptr;
}
bool ObjectMove(long, const string& name, int point, datetime time, double price) {
    auto* object = host::find(name);
    if (!object || point < 0 || point > 1) return false;
    object->time[point] = time;
    object->price[point] = price;
    return true;
}
int ObjectFind(long, const string& name) {
    terminal().object_calls++;
    return terminal().objects.count(name.text) ? 0 : -1;
}
bool ObjectDelete(long, const string& name) {
    terminal().object_calls++;
    return terminal().objects.erase(name.text) > 0;
}
int ObjectsDeleteAll(long, const string& prefix, int, int) {
    auto& objects = terminal().objects;
    int n = 0;
    for (auto at = objects.begin(); at != objects.end();) {
        bool is_ours = at->first.rfind(prefix.text, 0) == 0;
        n += is_ours;
        at = is_ours ? objects.erase(at) : std::next(at);
    }
    return n;
}
bool ResourceCreate(const string& name, const Array<uint>& pixels, uint width, uint height, uint, uint, uint,
                    ENUM_COLOR_FORMAT) {
    auto& t = terminal();
    if (name.text.size() > 63 || name.text.rfind("::", 0) != 0) {
        t.last_error = ERR_RESOURCE_NAME_IS_TOO_LONG;
        host::violate("resource name: " + name.text);
        return false;
    }
    if ((size_t)pixels.size() < (size_t)width * height) host::die("ResourceCreate: too few pixels");
    auto& resource = t.resources[name.text];
    resource.pixels.assign(pixels.data(), pixels.data() + (size_t)width * height);
    resource.width = (int)width;
    resource.height = (int)height;
    resource.updates++;
    return true;
}
bool ResourceFree(const string& name) { return terminal().resources.erase(name.text) > 0; }

bool SymbolSelect(const string& name, bool) { return terminal().rates.count(name.text) > 0; }
bool SymbolInfoTick(const string& symbol, MqlTick& tick) {
    auto found = terminal().ticks.find(symbol.text);
    if (found == terminal().ticks.end()) return false;
    tick = found->second;
    return true;
}
long SymbolInfoInteger(const string&, ENUM_SYMBOL_INFO_INTEGER property) {
    return property == SYMBOL_DIGITS ? terminal().digits : 0;
}
static std::vector<datetime> opens_of(const string& symbol) {
    auto& t = terminal();
    auto found = t.rates.find(symbol.text);
    if (found == t.rates.end()) return {t.bars.time.data(), t.bars.time.data() + t.bars.time.size()};
    std::vector<datetime> opens;
    for (auto& rate : found->second) opens.push_back(rate.time);
    return opens;
}
int CopyRates(const string& symbol, ENUM_TIMEFRAMES, datetime from, datetime to, Array<MqlRates>& rates) {
    auto found = terminal().rates.find(symbol.text);
    std::vector<MqlRates> inside;
    if (found != terminal().rates.end())
        for (auto& rate : found->second)
            if (rate.time >= from && rate.time <= to) inside.push_back(rate);
    if (inside.empty()) {
        terminal().last_error = ERR_HISTORY_NOT_FOUND;
        return -1;
    }
    rates.resize((int)inside.size());
    std::copy(inside.begin(), inside.end(), rates.data());
    return rates.size();
}
int CopyTime(const string&, ENUM_TIMEFRAMES, int start, int count, Array<datetime>& times) {
    auto& bars = terminal().bars.time;
    int end = bars.size() - start, n = std::min(count, end);
    if (start < 0 || n <= 0 || !terminal().bars_are_loaded) return -1;
    times.resize(n);
    for (int i = 0; i < n; i++) times[i] = bars[end - n + i];
    return n;
}
datetime iTime(const string& symbol, ENUM_TIMEFRAMES, int shift) {
    auto opens = opens_of(symbol);
    return shift < 0 || shift >= (int)opens.size() ? 0 : opens[opens.size() - 1 - (size_t)shift];
}
