#pragma once

#include <array>
#include <string>
#include <string_view>

#include "harness/scenario.h"
#include "net/link.h"
#include "servers/link_setting.h"
#include "wire/result.h"

namespace pushbench::harness {

/// The link of a server, in the words of a scenario's [link]: delay, jitter, up and down, each with
/// the same units and range.
class ServedLink final : public servers::LinkSetting {
 public:
  static constexpr std::array<std::string_view, 4> kKeys{"delay", "jitter", "up", "down"};

  /// One of the keys; the error names it and says what it takes, or which ones there are.
  Result<void> set(std::string_view key, std::string_view value);
  /// The same from "delay=50ms".
  Result<void> set(std::string_view assignment);

  const net::LinkProfile& profile() const override { return scenario_.link.profile; }
  std::string json() const override;  // {"delay":"50ms","jitter":"0s","up":"unlimited",…}
  /// {"delay":"150ms"}: any of the keys; what is left out stays.
  Result<void> change(std::string_view json) override;

 private:
  Scenario scenario_;  // the usual one, for its link
};

}  // namespace pushbench::harness
