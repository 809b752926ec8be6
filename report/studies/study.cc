#include "report/studies/study.h"

#include <algorithm>
#include <cmath>

#include "report/studies/aquilio.h"
#include "report/studies/kaazing.h"
#include "report/studies/shootout.h"
#include "report/studies/streamdata.h"

namespace pushbench::report {

const std::vector<Study>& studies() {
  static const std::vector<Study> all{kaazing::study(), aquilio::study(), streamdata::study(),
                                      shootout::study()};
  return all;
}

const Study* find_study(std::string_view name) {
  const auto found = std::find_if(studies().begin(), studies().end(),
                                  [name](const Study& study) { return study.name == name; });
  return found == studies().end() ? nullptr : &*found;
}

std::optional<double> difference(const StudyRow& row) {
  const std::optional<double>& from = row.published ? row.published : row.arithmetic;
  if (!row.measured || !from) return std::nullopt;
  return *row.measured - *from;
}

double Pooled::empty_share_error() const {
  if (exchanges.asked == 0) return 0;
  const double share = exchanges.empty_share();
  return std::sqrt(share * (1 - share) / static_cast<double>(exchanges.asked));
}

Pooled pooled(const StudyRun& run, std::string_view transport) {
  Pooled sum;
  for (const harness::TransportResult& result : run.result.transports) {
    if (result.name != transport) continue;
    for (const harness::Repetition& r : result.repetitions) {
      ++sum.repetitions;
      sum.users += r.users;
      sum.seconds += r.duration_s;
      sum.messages += r.messages;
      sum.exchanges += r.exchanges;
      sum.bytes = sum.bytes + r.bytes;
      sum.server_cpu_us += r.server ? r.server->cpu_us : 0;
    }
  }
  return sum;
}

const harness::Repetition& first_repetition(const StudyRun& run, std::string_view transport) {
  const auto& all = run.result.transports;
  return std::find_if(all.begin(), all.end(),
                      [transport](const auto& result) { return result.name == transport; })
      ->repetitions.front();
}

}  // namespace pushbench::report
