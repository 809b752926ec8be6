#pragma once

#include <string>
#include <vector>

#include "wire/result.h"

namespace pushbench::cli {

/// Made and written to before anything runs, so that a folder that can't be written costs no
/// measurement: `out`, or a new one, results/NAME-TIME. One that holds any of `files` already is
/// refused.
Result<std::string> make_folder(const std::string& out, const std::string& name,
                                const std::vector<std::string>& files);

/// Beside its place first and down to the disk, then there: a file is whole or as it was before.
/// The error says why the system would not have it.
Result<void> write_file(const std::string& folder, const std::string& name,
                        const std::string& text);

}  // namespace pushbench::cli
