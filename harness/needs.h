#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "clients/registry.h"
#include "harness/scenario.h"
#include "harness/schedule.h"
#include "net/address.h"
#include "wire/result.h"

namespace pushbench::harness {

/// What a run takes of the machine while all its users are there.
struct Needs {
  std::uint64_t files = 0;   // descriptors, of this process; the server has about as many
  std::uint64_t ports = 0;   // of the address that users connect from
  std::uint64_t memory = 0;  // bytes, of this process and the server; an estimate
};

/// For the transport that takes most: a run has one at a time.
Needs needs_of(const Scenario& scenario, const Schedule& schedule,
               const std::vector<std::string>& transports, std::size_t threads,
               std::string_view dialect = clients::kOwnDialect);

/// What the machine has of these.
struct Resources {
  std::uint64_t ports = 0;   // that one address may connect from
  std::uint64_t memory = 0;  // bytes that are to be had without swapping
};
Resources resources();

/// From how many addresses users must connect, so that there are ports for all: see
/// LoadPlan::sources.
std::size_t sources_for(std::uint64_t ports_needed, std::uint64_t ports_each);
/// The address of that number, from 0 on: 127.0.1.1, 127.0.1.2 and so on; any port.
net::Address source_of(std::size_t number);

/// Makes sure that there is what is needed, and raises the limit of open files where that helps.
/// The error says what is missing, and how much of it.
Result<void> ensure(const Needs& needs, const Resources& available);

}  // namespace pushbench::harness
