#include "report/theory_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "harness/metrics.h"
#include "report/columns.h"
#include "report/interval.h"
#include "report/numbers.h"
#include "report/row_names.h"

namespace pushbench::report {

using harness::Repetition;
using harness::Theory;

namespace {

// The columns of the table: transport, figure, measured, interval, theory, difference.
constexpr std::array<std::size_t, 6> kColumns{kRowName, 20, 9, 19, 9, 8};

std::string share_text(double share) { return fmt::format("{:.1f} %", share * 100); }
std::string number_text(double value) { return significant(value); }
std::string bytes_text(double bytes) {
  return bytes < 99'999.5 ? significant(bytes) : size_text(bytes);
}

using Measured = std::optional<double>;

/// What the theory says, and what a repetition says of the same: nothing where it cannot tell.
struct Row {
  std::string_view name;
  std::optional<double> Theory::*theory;
  Measured (*measured)(const Repetition&);
  std::string (*text)(double);
};

Measured of(std::string_view metric, const Repetition& r) {
  return (*harness::parse_metric(metric))->of(r);
}

constexpr std::array kRows{
    Row{"latency mean", &Theory::mean_latency_us,
        [](const Repetition& r) { return of("delivery_latency.mean", r); }, time_text},
    Row{"latency p50", &Theory::p50_latency_us,
        [](const Repetition& r) { return of("delivery_latency.p50", r); }, time_text},
    Row{"latency p90", &Theory::p90_latency_us,
        [](const Repetition& r) { return of("delivery_latency.p90", r); }, time_text},
    Row{"latency p99", &Theory::p99_latency_us,
        [](const Repetition& r) { return of("delivery_latency.p99", r); }, time_text},
    Row{"latency max", &Theory::max_latency_us,
        [](const Repetition& r) { return of("delivery_latency.max", r); }, time_text},
    Row{"empty polls", &Theory::empty_share,
        [](const Repetition& r) { return of("exchanges.empty_share", r); }, share_text},
    Row{"polls a message", &Theory::exchanges_per_message,
        [](const Repetition& r) { return of("exchanges_per_message", r); }, number_text},
    Row{"application B up", &Theory::application_up,
        [](const Repetition& r) { return harness::per_message(r.bytes.application.up, r); },
        bytes_text},
    Row{"application B down", &Theory::application_down,
        [](const Repetition& r) { return harness::per_message(r.bytes.application.down, r); },
        bytes_text},
    Row{"network B up", &Theory::network_up,
        [](const Repetition& r) { return harness::per_message(r.bytes.network.up, r); },
        bytes_text},
    Row{"network B down", &Theory::network_down,
        [](const Repetition& r) { return harness::per_message(r.bytes.network.down, r); },
        bytes_text},
};

std::string line_of(const std::array<std::string, 6>& cells) {
  return table_line(cells, kColumns, 2);
}

/// "+3 %"; nothing where the theory leaves out all that the figure consists of.
std::string difference(double measured, double theory) {
  if (theory == 0) return measured == 0 ? "0 %" : "–";
  const double percent = (measured - theory) / theory * 100;
  if (std::abs(percent) < 0.05) return "0 %";
  if (std::abs(percent) >= 1000) return percent > 0 ? ">+999 %" : "<-999 %";
  return fmt::format("{:+.{}f} %", percent, std::abs(percent) < 10 ? 1 : 0);
}

/// Where links take no time all latencies are 0 in theory: once is enough.
bool says_nothing(const Row& row, const Theory& theory) {
  const bool is_quantile = row.text == time_text && row.theory != &Theory::mean_latency_us;
  return is_quantile && theory.max_latency_us == 0;
}

std::string line_of(const Row& row, const std::string& name,
                    const std::vector<const Repetition*>& repetitions) {
  const std::optional<double> theory = repetitions.front()->theory.*row.theory;
  if (!theory || says_nothing(row, repetitions.front()->theory)) return "";
  std::vector<double> values;
  for (const Repetition* repetition : repetitions) {
    if (const Measured value = row.measured(*repetition)) values.push_back(*value);
  }
  if (values.empty()) {
    return line_of({name, std::string(row.name), "–", "", row.text(*theory), "–"}) + "\n";
  }
  const Interval interval = interval_of(values);
  const std::string range =
      values.size() == 1 ? "" : row.text(interval.low) + "–" + row.text(interval.high);
  const double rounding = 1e-9 * std::abs(*theory);
  const bool flagged = values.size() > 1 && !interval.holds(*theory) &&
                       !interval.holds(*theory - rounding) && !interval.holds(*theory + rounding);
  return line_of({name, std::string(row.name), row.text(interval.median), range, row.text(*theory),
                  difference(interval.median, *theory)}) +
         (flagged ? " *\n" : "\n");
}

std::string rows_of(const harness::TransportResult& transport, RowNames& names) {
  std::vector<const Repetition*> repetitions;
  for (const Repetition& repetition : transport.repetitions) {
    if (repetition.messages.delivered > 0) repetitions.push_back(&repetition);
  }
  if (repetitions.empty()) return "";
  std::string text;
  const std::string name(transport.transport());
  for (const Row& row : kRows) {
    text += line_of(row, text.empty() ? name : "", repetitions);
  }
  return text.empty() ? "" : names.heading(transport.target) + text;
}

/// What of this run is in no theory, beside the work.
std::string left_out(const harness::RunResult& result) {
  const bool cuts =
      std::any_of(result.links.begin(), result.links.end(), [](const harness::LinkResult& link) {
        return link.cut_every != "0s" || !link.cut_at.empty();
      });
  std::string text = cuts ? "the cuts and what came of them, " : "";
  if (result.tls) text += "TLS's handshakes, ";
  return text;
}

}  // namespace

std::string theory_table(const harness::RunResult& result) {
  std::string rows;
  RowNames names;
  for (const harness::TransportResult& transport : result.transports) {
    rows += rows_of(transport, names);
  }
  if (rows.empty()) return "";
  const std::size_t repetitions = result.most_repetitions();
  const std::string range = repetitions < 2                    ? ""
                            : repetitions < kFewestForInterval ? "least–most"
                                                               : "95 % interval";
  std::string text =
      line_of({"theory", "", "measured", range, "theory", "diff."}) + "\n" + rows + "\n";
  text += wrapped(
      fmt::format("The theory plays the same schedule over the same links, and gives everything "
                  "else no time: what it lacks is {}the server's work, the harness's and the "
                  "kernel's.",
                  left_out(result)),
      0);
  if (rows.find('*') != std::string::npos) {
    text += wrapped("* The theory lies outside of the measured figure's interval.", 0);
  }
  return text;
}

}  // namespace pushbench::report
