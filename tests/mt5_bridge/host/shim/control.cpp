// The C interface by which the tests play the terminal.
#include "functions.hpp"

using host::terminal;

extern "C" {
const char* program_kind();
void program_register();
int program_OnInit();
void program_OnDeinit(int reason);
void program_OnTimer();
void program_OnStart();
void program_OnChartEvent(int id, long number, const char* text);
int program_OnCalculate(int before);
}

static std::string answer;
static std::string failure;

template <class F> static int run(F call) {
    failure.clear();
    try {
        call();
        return 0;
    } catch (const std::exception& error) {
        failure = error.what();
        return -1;
    }
}

static std::string quoted(const std::string& text) {
    std::string out = "\"";
    for (unsigned char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        if (c < 32 || c > 126) out += host::printed("\\u%04x", c);
        else out += (char)c;
    }
    return out + "\"";
}
static std::string listed(const std::vector<std::string>& texts) {
    std::string out = "[";
    for (auto& text : texts) out += (out.size() > 1 ? "," : "") + quoted(text);
    return out + "]";
}
static std::string written(const host::Object& o) {
    std::string out = "{\"type\":" + std::to_string(o.type);
    out += host::printed(",\"time\":[%ld,%ld],\"price\":[%.17g,%.17g]", o.time[0], o.time[1], o.price[0], o.price[1]);
    out += ",\"numbers\":{";
    for (auto& item : o.numbers) out += (out.back() == '{' ? "\"" : ",\"") + std::to_string(item.first) + "\":" + std::to_string(item.second);
    out += "},\"texts\":{";
    for (auto& item : o.texts) out += (out.back() == '{' ? "\"" : ",\"") + std::to_string(item.first) + "\":" + quoted(item.second);
    return out + "}}";
}

extern "C" {
void host_start(const char* common, const char* local) {
    terminal().kind = program_kind();
    terminal().common = common;
    terminal().local = local;
    program_register();
}
int host_bytes_read() { return (int)terminal().bytes_read; }
const char* host_failure() { return failure.c_str(); }
int host_set_input(const char* name, const char* text) {
    auto found = terminal().inputs.find(name);
    if (found == terminal().inputs.end()) return -1;
    auto& input = found->second;
    switch (input.kind) {
        case host::Input::TEXT: *(string*)input.at = string(text); break;
        case host::Input::TRUTH: *(bool*)input.at = std::strcmp(text, "True") == 0; break;
        case host::Input::NUMBER: *(double*)input.at = std::strtod(text, nullptr); break;
        case host::Input::WHOLE: *(int*)input.at = (int)std::strtol(text, nullptr, 10); break;
    }
    return 0;
}
void host_set_symbol(const char* symbol, int period, int digits) {
    terminal().symbol = symbol;
    terminal().period = (ENUM_TIMEFRAMES)period;
    terminal().digits = digits;
}
void host_set_clock(long utc_ms, long broker_ms, int is_connected) {
    auto& t = terminal();
    t.utc_ms = utc_ms;
    t.broker_ms = broker_ms;
    t.tick_ms = utc_ms;
    t.is_connected = is_connected != 0;
}
void host_set_tick(const char* symbol, long time, double bid, double ask) {
    MqlTick tick{};
    tick.time = time;
    tick.time_msc = 1000 * time;
    tick.bid = bid;
    tick.ask = ask;
    terminal().ticks[symbol] = tick;
}
void host_set_window(int width, int height, double low, double high, int first, int scale) {
    auto& t = terminal();
    t.width = width;
    t.height = height;
    t.low = low;
    t.high = high;
    t.first = first;
    t.scale = scale;
}
void host_set_bars(const long* times, const double* closes, int n) {
    auto& bars = terminal().bars;
    bars.time.resize(n);
    for (auto* column : {&bars.open, &bars.high, &bars.low, &bars.close}) column->resize(n);
    bars.ticks.resize(n);
    bars.volume.resize(n);
    bars.spread.resize(n);
    for (int i = 0; i < n; i++) {
        bars.time[i] = times[i];
        bars.open[i] = bars.high[i] = bars.low[i] = bars.close[i] = closes[i];
    }
}
void host_set_rates(const char* symbol, const double* rows, int n) {
    auto& rates = terminal().rates[symbol];
    rates.clear();
    for (int i = 0; i < n; i++, rows += 6)
        rates.push_back({(datetime)rows[0], rows[1], rows[2], rows[3], rows[4], (long)rows[5], 0, 0});
}
void host_set_flags(int bars_are_loaded, int is_tester, int failing_moves, long budget_ms) {
    auto& t = terminal();
    t.bars_are_loaded = bars_are_loaded != 0;
    t.is_tester = is_tester != 0;
    t.failing_moves = failing_moves;
    t.budget_ms = budget_ms;
    t.slept_ms = 0;
    t.is_stopped = false;
}
void host_set_data_path(const char* path) { terminal().data_path = path; }
void host_set_charts(const long* charts, int n) { terminal().charts.assign(charts, charts + n); }
void host_set_global(const char* name, double value) { terminal().globals[name] = value; }
void host_add_object(const char* name) { terminal().objects[name] = {OBJ_LABEL, {0, 0}, {0, 0}, {}, {}}; }
void host_set_indicator(const char* name) { terminal().indicators.assign(name[0] ? 1 : 0, name); }
void host_set_web(WebCallback web) { terminal().web = web; }
int host_OnInit(int* code) { return run([&] { *code = program_OnInit(); }); }
int host_OnDeinit(int reason) { return run([&] { program_OnDeinit(reason); }); }
int host_OnTimer() { return run([] { program_OnTimer(); }); }
int host_OnStart() { return run([] { program_OnStart(); }); }
int host_OnChartEvent(int id, long number, const char* text) { return run([&] { program_OnChartEvent(id, number, text); }); }
int host_OnCalculate(int before, int* after) { return run([&] { *after = program_OnCalculate(before); }); }
const uint* host_pixels(int* width, int* height, long* updates) {
    auto& resources = terminal().resources;
    if (resources.size() != 1) return nullptr;
    auto& resource = resources.begin()->second;
    *width = resource.width;
    *height = resource.height;
    *updates = resource.updates;
    return resource.pixels.data();
}
void host_forget() {
    auto& t = terminal();
    for (auto* list : {&t.log, &t.alerts, &t.pushes, &t.mails}) list->clear();
    t.events.clear();
    t.redraws = t.object_calls = 0;
}
const char* host_state() {
    auto& t = terminal();
    std::vector<std::string> resources;
    for (auto& item : t.resources) resources.push_back(item.first);
    answer = "{\"log\":" + listed(t.log) + ",\"alerts\":" + listed(t.alerts) + ",\"pushes\":" + listed(t.pushes) +
             ",\"mails\":" + listed(t.mails) + ",\"violations\":" + listed(t.violations) + ",\"moved\":" + listed(t.moved) + ",\"resources\":" +
             listed(resources) + ",\"indicators\":" + listed(t.indicators);
    answer += host::printed(",\"timer_ms\":%d,\"redraws\":%ld,\"object_calls\":%ld,\"slept_ms\":%ld,\"open_files\":%d",
                            t.timer_ms, t.redraws, t.object_calls, t.slept_ms, (int)(t.files.size() + t.searches.size()));
    answer += ",\"events\":[";
    for (auto& e : t.events)
        answer += (answer.back() == '[' ? "[" : ",[") + std::to_string(e.chart) + "," + std::to_string(e.id) + "," +
                  std::to_string(e.number) + "," + quoted(e.text) + "]";
    answer += "],\"objects\":{";
    for (auto& item : t.objects) answer += (answer.back() == '{' ? "" : ",") + quoted(item.first) + ":" + written(item.second);
    answer += "},\"globals\":{";
    for (auto& item : t.globals) answer += (answer.back() == '{' ? "" : ",") + quoted(item.first) + ":" + host::printed("%.17g", item.second);
    answer += "}}";
    return answer.c_str();
}
}
