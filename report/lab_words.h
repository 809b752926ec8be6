#pragma once

#include <fmt/format.h>

#include <optional>
#include <string>
#include <string_view>

#include "harness/lab.h"
#include "net/clock.h"

namespace pushbench::report {

/// The languages of the course.
enum class Language { en, ru };

/// "en" or "ru"; nothing for any other word.
std::optional<Language> language_named(std::string_view name);

/// The language of a locale: "ru_RU.UTF-8" is Russian, and whatever is not is English.
Language language_of_locale(std::string_view locale);

std::string_view name_of(Language language);  // "en"

/// All that `pushbench lab` says by itself. lab_words.cc has the texts.
enum class LabWord {
  // The list of labs, and a lab's own page.
  list_number,
  list_title,
  list_minutes,
  list_runs,
  list_next,
  title,
  times,
  lesson,
  runs_head,
  questions_head,
  steps_head,
  step_predict,
  step_run,
  step_reveal,
  step_check,
  knob_head,
  next_command,
  next_explain,
  seconds,
  minutes,
  // predict
  ask_intro,
  answer_wrong,
  plain_wrong,
  answer_form,
  answered_twice,
  no_such_question,
  nothing_predicted,
  prediction_kept,
  revealed_already,
  kept_after,
  // run
  needs_prediction,
  has_result,
  result_stays,
  no_recorded,
  no_such_run,
  result_kept,
  knob_later,
  knob_question,
  knob_plain,
  knob_turned,
  // results
  not_run,
  not_readable,
  predict_anew,
  invalid,
  unfinished,
  other_transports,
  other_setting,
  other_set,
  other_schedule,
  do_not_count,
  measure_anew,
  here,
  elsewhere,
  recorded,
  // reveal
  made,
  made_after,
  made_not,
  predicted,
  theory,
  measured,
  least_most,
  interval,
  your_prediction,
  theory_is,
  exactly,
  within_hundredth,
  within_tenth,
  above,
  below,
  twice,
  half,
  times_more,
  times_less,
  none_measured,
  none_said,
  no_figure,
  no_prediction,
  page_kept,
  page_kind,
  page_caption,
  page_foot,
  // check
  holds,
  off,
  not_checked,
  hint,
  lacks_figure,
  lacks_prediction,
  lacks_divisor,
  share_off,
  all_hold,
  check_kept,
  checked_hold,
  none_checked,
  some_off,
  so_many_skipped,
  count_of_them,
};

/// The text of a word, with {} where something is put in.
std::string_view text_of(LabWord word, Language language);

/// The text with `args` in their places.
template <class... Args>
std::string say(Language language, LabWord word, const Args&... args) {
  return fmt::vformat(text_of(word, language), fmt::make_format_args(args...));
}

/// The one of the two that is in this language.
const std::string& in_language(const harness::LabText& text, Language language);

/// A figure for a person: "50.2 ms", «50,2 мс».
std::string quantity_text(const harness::Dimension& dimension, double value, Language language);

/// About how long: "50 s", "3 min".
std::string span_text(net::Duration span, Language language);

/// How far a value is off, in words: "within 10 % of what was measured", "3.4 times what was
/// measured".
std::string distance_text(double value, double measured, Language language);

}  // namespace pushbench::report
