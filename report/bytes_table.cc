#include "report/bytes_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "report/columns.h"
#include "report/numbers.h"
#include "report/row_names.h"

namespace pushbench::report {

namespace {

struct Column {
  std::string_view title;
  Figure Figures::*figure;
};

/// Without TLS there is nothing to say of it.
std::vector<Column> columns_for(const std::vector<Figures>& all) {
  std::vector<Column> shown{{"heads", &Figures::heads_per_message},
                            {"bodies", &Figures::bodies_per_message},
                            {"frames", &Figures::frames_per_message}};
  const bool tls = std::any_of(all.begin(), all.end(),
                               [](const Figures& f) { return f.tls_per_message.most > 0; });
  if (tls) shown.push_back({"TLS", &Figures::tls_per_message});
  shown.push_back({"TCP/IP", &Figures::tcp_ip_per_message});
  return shown;
}

}  // namespace

std::string bytes_table(const std::vector<Figures>& all) {
  const bool any = std::any_of(all.begin(), all.end(), [](const Figures& f) {
    return f.up_per_message.most + f.down_per_message.most > 0;
  });
  if (!any) return "";
  const std::vector<Column> shown = columns_for(all);
  std::string text = "                bytes a message, up and down\ntransport    ";
  for (const Column& column : shown) text += fmt::format("{:>9}", column.title);
  text += "\n";
  RowNames names;
  for (const Figures& f : all) {
    text += names.heading(f.target) + left(RowNames::name(f.target, f.transport), kRowName);
    for (const Column& column : shown) {
      const std::string bytes = f.has_latency ? significant((f.*column.figure).median) : "–";
      text += right(bytes, 9);
    }
    text += "\n";
  }
  return text;
}

}  // namespace pushbench::report
