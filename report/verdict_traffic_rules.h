#pragma once

#include <string>

#include "report/verdict_story.h"

namespace pushbench::report {

// The verdict's rules about what a traffic costs: each gives its sentence, or nothing if it does
// not apply. What each says is written above it in the .cc file, and in docs/report.md.

std::string beat_rule(const Story& story);
std::string up_rule(const Story& story);
std::string silent_rule(const Story& story);
std::string scaled_rule(const Story& story);
std::string back_rule(const Story& story);
std::string link_rule(const Story& story);
std::string waste_rule(const Story& story);
std::string gather_rule(const Story& story);

}  // namespace pushbench::report
