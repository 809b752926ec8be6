#include "report/bytes_table.h"

#include <fmt/format.h>

#include <algorithm>

#include "report/numbers.h"

namespace pushbench::report {

std::string bytes_table(const std::vector<Figures>& all) {
  const bool any = std::any_of(all.begin(), all.end(), [](const Figures& f) {
    return f.up_per_message.most + f.down_per_message.most > 0;
  });
  if (!any) return "";
  std::string text =
      "                bytes a message, up and down\n"
      "transport        heads   bodies   frames      TLS   TCP/IP\n";
  for (const Figures& f : all) {
    text += fmt::format("{:13}", f.name);
    for (const Figure* part : {&f.heads_per_message, &f.bodies_per_message, &f.frames_per_message,
                               &f.tls_per_message, &f.tcp_ip_per_message}) {
      text += fmt::format("{:>9}", significant(part->median));
    }
    text += "\n";
  }
  return text;
}

}  // namespace pushbench::report
