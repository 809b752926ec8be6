#include "report/figures_csv.h"

#include <fmt/format.h>

#include "report/all_figures.h"
#include "report/csv.h"

namespace pushbench::report {

std::string figures_csv(const harness::RunResult& result) {
  std::string csv = "scenario,seed,transport,repetition,valid,metric,unit,value\n";
  for (const harness::TransportResult& transport : result.transports) {
    for (std::size_t i = 0; i < transport.repetitions.size(); ++i) {
      const harness::Repetition& repetition = transport.repetitions[i];
      const std::string start =
          fmt::format("{},{},{},{},{}", csv_field(result.scenario), result.seed,
                      csv_field(transport.name), i + 1, repetition.invalid.empty());
      for (const NamedFigure& figure : all_figures(repetition)) {
        csv += fmt::format("{},{},{},{}\n", start, figure.name, figure.unit, figure.value);
      }
    }
  }
  return csv;
}

}  // namespace pushbench::report
