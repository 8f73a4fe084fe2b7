// What the tests' terminal knows and remembers; not visible to MQL5 programs by name.
#pragma once
#include <map>
#include "constants.hpp"

extern "C" typedef int (*WebCallback)(const char* method, const char* url, const char* headers, const uchar* body,
                                      int body_size, uchar* answer, int answer_room, int* answer_size, int* error);

namespace host {
struct Object {
    ENUM_OBJECT type;
    datetime time[2];
    double price[2];
    std::map<int, long> numbers;
    std::map<int, std::string> texts;
};
struct Resource { std::vector<uint> pixels; int width = 0, height = 0; long updates = 0; };
struct File { std::string path, data; size_t at = 0; int flags = 0; };
struct Search { std::vector<std::string> names; size_t at = 0; };
struct Bars { Array<datetime> time; Array<double> open, high, low, close; Array<long> ticks, volume; Array<int> spread; };
struct Event { long chart; int id; long number; std::string text; };
struct Input { enum Kind { NUMBER, WHOLE, TRUTH, TEXT } kind; int size; void* at; };
struct Terminal {
    const char* kind = "";
    int last_error = 0;
    bool is_stopped = false, is_connected = true, is_tester = false, bars_are_loaded = true;
    long utc_ms = 0, broker_ms = 0, tick_ms = 0, slept_ms = 0, budget_ms = 0;
    std::string symbol = "EURUSD", data_path = "C:\\terminal";
    ENUM_TIMEFRAMES period = PERIOD_M1;
    int digits = 2;
    std::map<std::string, MqlTick> ticks;
    std::map<std::string, std::vector<MqlRates>> rates;
    long chart = 131;
    std::vector<long> charts{131};
    std::vector<std::string> indicators;
    int width = 640, height = 320, first = 0, scale = 3;
    double low = 0, high = 1;
    Bars bars;
    std::map<std::string, Object> objects;
    std::map<std::string, Resource> resources;
    std::vector<std::string> moved, log, alerts, pushes, mails, violations;
    std::vector<long> push_times;
    std::vector<Event> events;
    int timer_ms = 0, failing_moves = 0;
    long redraws = 0, object_calls = 0, bytes_read = 0;
    std::string common, local;
    std::map<int, File> files;
    std::map<long, Search> searches;
    int next_handle = 1;
    WebCallback web = nullptr;
    std::map<std::string, Input> inputs;
    std::map<std::string, double> globals;
};
Terminal& terminal();
void violate(const std::string& what);
bool is_denied(const char* function, std::initializer_list<const char*> kinds);
void check_length(const char* what, const std::string& text);
std::string path_of(const std::string& name, bool is_common);
template <class T> void register_input(const char* name, T& stored) {
    Input::Kind kind = std::is_same_v<T, string> ? Input::TEXT
                       : std::is_same_v<T, bool> ? Input::TRUTH
                       : std::is_floating_point_v<T> ? Input::NUMBER : Input::WHOLE;
    terminal().inputs[name] = {kind, (int)sizeof(T), (void*)&stored};
}
}  // namespace host
