#include "report/chart_data.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "report/chart_figures.h"
#include "report/html_wire.h"

namespace pushbench::report {

namespace {

using Json = nlohmann::ordered_json;

std::string dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json json_of(const std::optional<double>& value) { return value ? Json(*value) : Json(nullptr); }

/// [percent, us, least, most]
Json json_of(const LatencyLine& line) {
  Json points = Json::array();
  for (const PercentilePoint& p : line.points) {
    points.push_back({p.percent, p.us, p.least, p.most});
  }
  return {{"transport", line.transport}, {"points", std::move(points)}};
}

/// [start, length, p50, p99, max]
Json json_of(const LatencyTimes& times) {
  Json points = Json::array();
  for (const LatencySlice& s : times.slices) {
    points.push_back({s.start_s, s.length_s, json_of(s.p50_us), json_of(s.p99_us), s.max_us});
  }
  return {{"transport", times.transport}, {"points", std::move(points)}};
}

Json json_of(const StackedBar& bar) {
  Json parts = Json::array();
  for (const BarPart& part : bar.parts)
    parts.push_back({{"name", part.name}, {"value", part.value}});
  return {{"transport", bar.transport}, {"parts", std::move(parts)}};
}

Json json_of(const TheoryPoint& point) {
  Json json = {{"metric", point.metric->name},
               {"transport", point.transport},
               {"theory", point.theory},
               {"measured", nullptr}};
  if (point.measured) {
    json["measured"] = point.measured->median;
    json["low"] = point.measured->low;
    json["high"] = point.measured->high;
  }
  return json;
}

Json json_of(const CostBar& bar) {
  Json json = {{"transport", bar.transport}, {"median", nullptr}};
  if (bar.interval) {
    json["median"] = bar.interval->median;
    json["low"] = bar.interval->low;
    json["high"] = bar.interval->high;
  }
  return json;
}

Json json_of(const CurvePoint& point);
Json json_of(const CurveLine& line);
Json json_of(const CurvePanel& panel);
Json json_of(const CurveTick& tick);

template <class T>
Json list_of(const std::vector<T>& all) {
  Json json = Json::array();
  for (const T& one : all) json.push_back(json_of(one));
  return json;
}

Json json_of(const CurvePoint& point) {
  Json json = {{"x", point.x}, {"y", point.y}, {"hollow", point.hollow}};
  if (point.spread) {
    json["low"] = point.spread->least;
    json["high"] = point.spread->most;
  }
  return json;
}

Json json_of(const CurveLine& line) {
  return {{"transport", line.name}, {"points", list_of(line.points)}};
}

Json json_of(const CurvePanel& panel) {
  return {{"label", panel.label},
          {"unit", harness::unit_name(panel.unit)},
          {"bound", json_of(panel.bound)},
          {"lines", list_of(panel.lines)}};
}

Json json_of(const CurveTick& tick) { return {{"x", tick.x}, {"text", tick.text}}; }

}  // namespace

std::string chart_data(const harness::RunResult& result) {
  Json columns = Json::array();
  for (const harness::TransportResult& column : result.transports) columns.push_back(column.name);
  return dump({{"columns", std::move(columns)},
               {"percentiles", list_of(latency_lines(result))},
               {"times", list_of(latency_times(result))},
               {"exchanges", list_of(exchange_bars(result))},
               {"bytes", list_of(byte_bars(result))},
               {"wire", {{"until_us", wire_until_us(result)}}},
               {"theory", list_of(theory_points(result))},
               {"cpu", list_of(cost_bars(result, "server_cpu"))},
               {"memory", list_of(cost_bars(result, "server_memory"))}});
}

std::string chart_data(const Curve& curve) {
  Json columns = Json::array();
  for (const CurvePanel& panel : curve.panels) {
    for (const CurveLine& line : panel.lines) columns.push_back(line.name);
  }
  return dump({{"columns", std::move(columns)},
               {"x_label", curve.x_label},
               {"x_unit", harness::unit_name(curve.x_unit)},
               {"ticks", list_of(curve.ticks)},
               {"panels", list_of(curve.panels)}});
}

}  // namespace pushbench::report
