#include "report/lab_words.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>

#include "harness/metrics.h"

namespace pushbench::report {

using harness::Dimension;
using harness::FigureUnit;

namespace {

struct Entry {
  LabWord word;
  std::string_view en;
  std::string_view ru;
};

constexpr Entry kWords[] = {
    // The list of labs, and a lab's own page.
    {LabWord::list_number, "lab", "№"},
    {LabWord::list_title, "title", "тема"},
    {LabWord::list_minutes, "minutes", "минут"},
    {LabWord::list_runs, "runs take", "прогоны"},
    {LabWord::list_next, "What to do in one of them: pushbench lab {}",
     "Что делать в лабораторной: pushbench lab {}"},
    {LabWord::title, "Lab {}. {}", "Лабораторная {}. {}"},
    {LabWord::times, "{} minutes; the runs take about {} of them.",
     "{} мин, из них прогоны — около {}."},
    {LabWord::lesson, "Lesson: {}", "Урок: {}"},
    {LabWord::runs_head, "Runs ({} as planned)", "Прогоны (по плану {})"},
    {LabWord::questions_head, "Questions", "Вопросы"},
    {LabWord::steps_head, "Steps (x: done, >: next)", "Шаги (x: сделано, >: следующий)"},
    {LabWord::step_predict, "Say what you expect before anything is measured.",
     "Назовите числа, которых ждёте, — до измерения."},
    {LabWord::step_run, "Measure; run --recorded takes the course's own results.",
     "Измерьте; run --recorded возьмёт готовые результаты курса."},
    {LabWord::step_reveal, "Prediction, theory and measurement in one picture.",
     "Прогноз, теория и измерение на одной картинке."},
    {LabWord::step_check, "Does what you measured hold what the lesson says?",
     "Сходится ли измеренное с тем, что говорит урок?"},
    {LabWord::knob_head, "A knob to turn", "Что покрутить"},
    {LabWord::next_command, "Next: {}", "Дальше: {}"},
    {LabWord::next_explain, "Next: the lesson's questions and its knob, and then {}",
     "Дальше: вопросы урока, ручка, а потом {}"},
    {LabWord::seconds, "{} s", "{} с"},
    {LabWord::minutes, "{} min", "{} мин"},
    // predict
    {LabWord::ask_intro, "{} questions; an empty line skips one.",
     "Вопросов: {}; пустая строка — пропустить."},
    {LabWord::answer_wrong, "\"{}\": write a number, as in 20{}; the units are {}",
     "«{}»: напишите число, например 20{}; единицы: {}"},
    {LabWord::plain_wrong, "\"{}\": write a number, as in 20", "«{}»: напишите число, например 20"},
    {LabWord::answer_form, "write ID=VALUE, as in {}=20", "напишите ID=ЗНАЧЕНИЕ, например {}=20"},
    {LabWord::answered_twice, "was answered already", "на этот вопрос уже есть ответ"},
    {LabWord::no_such_question, "there is no such question. There are: {}",
     "такого вопроса нет. Есть: {}"},
    {LabWord::nothing_predicted, "no question was answered, so there is nothing to keep",
     "нет ни одного ответа, сохранять нечего"},
    {LabWord::prediction_kept, "prediction: {}", "прогноз: {}"},
    {LabWord::revealed_already,
     "the figures were revealed already; what is said now is no prediction. --again keeps it all "
     "the "
     "same, marked so",
     "цифры уже раскрыты, и сказанное теперь — не прогноз. С --again оно сохранится, но с "
     "пометкой"},
    {LabWord::kept_after, "It is marked as made after the reveal.",
     "Помечено: сделано после раскрытия."},
    // run
    {LabWord::needs_prediction,
     "say first what you expect: pushbench lab {} predict (or add --without-prediction)",
     "сначала прогноз: pushbench lab {} predict (или добавьте --without-prediction)"},
    {LabWord::has_result, "{}: is there already; --again replaces it",
     "{}: результат уже есть; --again заменит его"},
    {LabWord::result_stays, "{}: the earlier result stays: it is valid, this one is not",
     "{}: прежний результат остаётся: он действителен, а этот — нет"},
    {LabWord::no_recorded, "the lab has no recorded result of {}",
     "готового результата прогона {} у лабораторной нет"},
    {LabWord::no_such_run, "there is no such run. There are: {}", "такого прогона нет. Есть: {}"},
    {LabWord::result_kept, "{}: {}", "{}: {}"},
    {LabWord::knob_later, "plain and turned are compared after the reveal: pushbench lab {} reveal",
     "сравнение с исходным прогоном — после раскрытия: pushbench lab {} reveal"},
    {LabWord::knob_question, "question", "вопрос"},
    {LabWord::knob_plain, "plain", "как было"},
    {LabWord::knob_turned, "turned", "стало"},
    // results
    {LabWord::not_run, "has not been run yet; type: pushbench lab {} run",
     "прогона ещё не было; наберите: pushbench lab {} run"},
    {LabWord::not_readable, "{}: the result is damaged, or was edited: {}",
     "{}: результат повреждён или изменён вручную: {}"},
    {LabWord::predict_anew, "the prediction is damaged: {}; to say it anew, type: {}",
     "прогноз повреждён: {}; чтобы записать его заново, наберите: {}"},
    {LabWord::invalid, "{}: invalid: {}", "{}: измерение недействительно: {}"},
    {LabWord::unfinished, "{}: did not come to its end: {}", "{}: прогон не дошёл до конца: {}"},
    {LabWord::other_transports, "{}: was run over {}; the lab runs it over {}",
     "{}: прогон шёл по {}, а в лабораторной — по {}"},
    {LabWord::other_setting, "{}: {} is {}; in the lab it is {}",
     "{}: {} — {}, а в лабораторной {}"},
    {LabWord::other_set, "{}: was run with --set {}; the lab does without",
     "{}: прогон шёл с --set {}; в лабораторной этого нет"},
    {LabWord::other_schedule,
     "{}: its users or its traffic were changed: the schedule is another one",
     "{}: изменены пользователи или трафик: расписание другое"},
    {LabWord::do_not_count, "INVALID: these results do not count.",
     "INVALID: эти результаты не засчитываются."},
    {LabWord::measure_anew, "Measure anew: pushbench lab {} run --again",
     "Измерьте заново: pushbench lab {} run --again"},
    {LabWord::here, "{0}: measured on this machine, {1}", "{0}: измерено на этой машине, {1}"},
    {LabWord::elsewhere, "{0}: measured on another machine ({2}), {1}",
     "{0}: измерено на другой машине ({2}), {1}"},
    {LabWord::recorded, "{0}: recorded with the course, {1} ({2})",
     "{0}: готовый результат курса, {1} ({2})"},
    // reveal
    {LabWord::made, "Prediction of {}.", "Прогноз от {}."},
    {LabWord::made_after, "What was predicted was said on {}, after a reveal: it is no prediction.",
     "Числа названы {}, после раскрытия: это не прогноз."},
    {LabWord::made_not, "There is no prediction.", "Прогноза нет."},
    {LabWord::predicted, "predicted", "прогноз"},
    {LabWord::theory, "theory", "теория"},
    {LabWord::measured, "measured", "измерено"},
    {LabWord::least_most, "least–most", "от–до"},
    {LabWord::interval, "95 % interval", "интервал 95 %"},
    {LabWord::your_prediction, "Your prediction: {}.", "Ваш прогноз: {}."},
    {LabWord::theory_is, "Theory: {}.", "Теория: {}."},
    {LabWord::exactly, "exactly what was measured", "ровно столько, сколько измерено"},
    {LabWord::within_hundredth, "within 1 % of what was measured", "в пределах 1 % от измеренного"},
    {LabWord::within_tenth, "within 10 % of what was measured", "в пределах 10 % от измеренного"},
    {LabWord::above, "{} % above what was measured", "на {} % больше измеренного"},
    {LabWord::below, "{} % below what was measured", "на {} % меньше измеренного"},
    {LabWord::twice, "about twice what was measured", "примерно вдвое больше измеренного"},
    {LabWord::half, "about half of what was measured", "примерно вдвое меньше измеренного"},
    {LabWord::times_more, "too large by a factor of {}", "в {} {} больше измеренного"},
    {LabWord::times_less, "too small by a factor of {}", "в {} {} меньше измеренного"},
    {LabWord::none_measured, "above 0, and 0 was measured", "больше нуля, а измерен ноль"},
    {LabWord::none_said, "0, and more than that was measured", "ноль, а измерено больше"},
    {LabWord::no_figure, "There is no measured figure.", "Измеренного значения нет."},
    {LabWord::no_prediction, "You did not predict this one.", "Здесь прогноза нет."},
    {LabWord::page_kept, "page: {}", "страница: {}"},
    {LabWord::page_kind, "pushbench lab: prediction, theory, measurement",
     "pushbench lab: прогноз, теория, измерение"},
    {LabWord::page_caption,
     "All figures. Measured ones are medians over the repetitions, with their range below.",
     "Все значения. Измеренные — медианы по повторам, под ними разброс."},
    {LabWord::page_foot,
     "Bars: the prediction is hatched, theory is outlined, what was measured is solid, with its "
     "range over the repetitions.",
     "Полосы: прогноз заштрихован, теория обведена пунктиром, измеренное залито; засечки — разброс "
     "по повторам."},
    // check
    {LabWord::holds, "ok", "да"},
    {LabWord::off, "off", "нет"},
    {LabWord::not_checked, "skipped", "пропуск"},
    {LabWord::hint, "Hint: {}", "Подсказка: {}"},
    {LabWord::lacks_figure, "the results have no {}", "в результатах нет {}"},
    {LabWord::lacks_prediction, "there is no {}: the question was skipped",
     "{} нет: вопрос пропущен"},
    {LabWord::lacks_divisor, "it divides by 0", "деление на ноль"},
    {LabWord::share_off, "{} and {}: {} apart", "{} и {}: расхождение {}"},
    {LabWord::all_hold, "All of it holds.", "Всё сходится."},
    {LabWord::check_kept, "kept: {}", "сохранено: {}"},
    {LabWord::checked_hold, "What was checked holds; skipped: {} of {}.",
     "Всё, что проверено, сходится; пропущено: {} из {}."},
    {LabWord::none_checked, "Nothing was checked; skipped: {}.",
     "Ничего не проверено; пропущено: {}."},
    {LabWord::some_off, "{} of {} do not hold.", "Не сходится: {} из {}."},
    {LabWord::so_many_skipped, "Skipped: {}.", "Пропущено: {}."},
};

constexpr bool is_complete() {
  std::size_t place = 0;
  for (const Entry& entry : kWords) {
    if (entry.word != static_cast<LabWord>(place++)) return false;
  }
  return place == static_cast<std::size_t>(LabWord::count_of_them);
}
static_assert(is_complete(), "kWords has each word once, in the order of LabWord");

/// What English figures end in, and Russian ones.
struct Ending {
  std::string_view en;
  std::string_view ru;
};
constexpr std::array kEndings{Ending{" µs", " мкс"},  Ending{" ms", " мс"}, Ending{" s", " с"},
                              Ending{" B/s", " Б/с"}, Ending{" B", " Б"},   Ending{"/s", "/с"}};

std::string in_russian(std::string text) {
  std::replace(text.begin(), text.end(), '.', ',');
  for (const Ending& ending : kEndings) {
    if (!text.ends_with(ending.en)) continue;
    return text.substr(0, text.size() - ending.en.size()) + std::string(ending.ru);
  }
  return text;
}

std::string in_english(const Dimension& dimension, double value) {
  constexpr double kSecond = 1e6;
  if (dimension.fits({})) {
    return figure_text(dimension.share ? FigureUnit::share : FigureUnit::ratio, value);
  }
  if (dimension.fits({1, 0})) return figure_text(FigureUnit::microseconds, value);
  if (dimension.fits({0, 1})) return figure_text(FigureUnit::bytes, value);
  if (dimension.fits({-1, 0})) return figure_text(FigureUnit::rate, value * kSecond);
  if (dimension.fits({-1, 1})) return figure_text(FigureUnit::bytes, value * kSecond) + "/s";
  return fmt::format("{:.3g}", value);
}

/// "3.4" or "34": no more digits than such a comparison is worth.
std::string factor_text(double factor) {
  return factor < 9.5 ? fmt::format("{:.1f}", factor) : fmt::format("{:.0f}", factor);
}

/// The word behind "в 3,4", "в 5", "в 21": a fraction takes that of a few.
std::string_view russian_times(const std::string& factor) {
  if (factor.find('.') != std::string::npos) return "раза";
  // Its last two digits decide, and a factor may have more than any integer.
  const std::string_view last =
      std::string_view(factor).substr(std::max<std::size_t>(factor.size(), 2) - 2);
  const bool teen = last.size() == 2 && last[0] == '1';
  return !teen && last.back() >= '2' && last.back() <= '4' ? "раза" : "раз";
}

std::string times_text(LabWord word, double factor, Language language) {
  const std::string number = factor_text(factor);
  if (language == Language::en) return say(language, word, number);
  return say(language, word, in_russian(number), russian_times(number));
}

}  // namespace

std::optional<Language> language_named(std::string_view name) {
  if (name == "en") return Language::en;
  if (name == "ru") return Language::ru;
  return std::nullopt;
}

Language language_of_locale(std::string_view locale) {
  const bool russian = locale == "ru" || locale.starts_with("ru_") || locale.starts_with("ru.");
  return russian ? Language::ru : Language::en;
}

std::string_view name_of(Language language) { return language == Language::ru ? "ru" : "en"; }

std::string_view text_of(LabWord word, Language language) {
  const Entry& entry = kWords[static_cast<std::size_t>(word)];
  return language == Language::ru ? entry.ru : entry.en;
}

const std::string& in_language(const harness::LabText& text, Language language) {
  return language == Language::ru ? text.ru : text.en;
}

std::string quantity_text(const Dimension& dimension, double value, Language language) {
  std::string text = in_english(dimension, value);
  return language == Language::ru ? in_russian(std::move(text)) : text;
}

std::string span_text(net::Duration span, Language language) {
  const double seconds = std::chrono::duration<double>(span).count();
  if (seconds < 120) return say(language, LabWord::seconds, std::lround(seconds));
  return say(language, LabWord::minutes, std::lround(seconds / 60));
}

std::string distance_text(double value, double measured, Language language) {
  if (value == measured) return say(language, LabWord::exactly);
  if (measured == 0) return say(language, LabWord::none_measured);
  if (value == 0) return say(language, LabWord::none_said);
  constexpr double kHundredth = 0.01 + 1e-9;  // 101 of 100 is within it
  constexpr double kTenth = 0.1 + 1e-9;
  constexpr double kNearlyTwice = 1.75;
  constexpr double kTwiceAtMost = 2.25;
  const double ratio = value / measured;
  const bool more = ratio > 1;
  const double factor = more ? ratio : 1 / ratio;
  if (std::abs(ratio - 1) <= kHundredth) return say(language, LabWord::within_hundredth);
  if (std::abs(ratio - 1) <= kTenth) return say(language, LabWord::within_tenth);
  if (factor < kNearlyTwice) {
    return say(language, more ? LabWord::above : LabWord::below,
               fmt::format("{:.0f}", std::abs(ratio - 1) * 100));
  }
  if (factor <= kTwiceAtMost) return say(language, more ? LabWord::twice : LabWord::half);
  return times_text(more ? LabWord::times_more : LabWord::times_less, factor, language);
}

}  // namespace pushbench::report
