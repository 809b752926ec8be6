'use strict';
// What is made of the figures of servers, or generators, that took turns: ratios, goals, tables.

const { head, median, row } = require('./tables.js');

/** Who comes when in a round, from 1: the other way round in every second one, so that a drift hits no side. */
const inTurn = (names, round) => (round % 2 === 1 ? [...names] : [...names].reverse());

const marked = (text, good) => (good ? text : `**${text}**`);
const rate = (n) => (n >= 1e6 ? `${(n / 1e6).toFixed(2)} M` : `${(n / 1e3).toFixed(1)} k`);

/** A figure of a table, or a dash where there is none. */
const shown = (number, as = (n) => n.toFixed(2)) => (Number.isFinite(number) ? as(number) : '–');

/** Our figure over a peer's, by round; only of rounds that have both. */
function ratios(rounds, peer, by) {
  return rounds.filter((r) => r.ours && r[peer]).map((r) => r.ours[by] / r[peer][by]);
}

/** Whether a cell's goal against a peer is met, which it is not without figures: { text, good, ratio, all }. */
function judged(cell, peer, rounds) {
  const all = ratios(rounds, peer, cell.by ?? 'rate');
  const ratio = median(all);
  const goal = cell.goals[peer];
  if (goal === undefined) return { all, ratio, text: '–', good: true };
  const [sign, good] = cell.by === 'cost' ? ['≤', ratio <= goal] : ['≥', ratio >= goal];
  return { all, ratio, text: `${sign} ${goal}`, good };
}

/**
 * All ratios of results, { cell, peers, rounds }, a round being { ours: { rate, cost }, PEER: … } with
 * null for what could not be measured. `missed` collects a line for each goal that is not met.
 */
function comparisonTable(results, missed) {
  let text = head([
    '', 'ours /s', 'µs CPU', 'peer', 'its /s', 'its µs', 'ratio', 'least–most', 'goal', 'ratio of CPU',
  ]);
  for (const { cell, peers, rounds } of results) {
    const middle = (name, what) => median(rounds.filter((r) => r[name]).map((r) => r[name][what]));
    for (const peer of peers) {
      const { all, ratio, text: goal, good } = judged(cell, peer, rounds);
      if (!good) missed.push(`${cell.name}, against ${peer}: ${shown(ratio)}, goal ${goal}`);
      text += row([
        cell.name,
        shown(middle('ours', 'rate'), rate),
        shown(middle('ours', 'cost')),
        peer,
        shown(middle(peer, 'rate'), rate),
        shown(middle(peer, 'cost')),
        marked(shown(ratio), good),
        all.length === 0 ? '–' : `${Math.min(...all).toFixed(2)}–${Math.max(...all).toFixed(2)}`,
        goal,
        shown(median(ratios(rounds, peer, 'cost'))),
      ]);
    }
  }
  return text;
}

/** Bytes by server, [name, bytes or null] each, of which some have a goal; `missed` as above. */
function idleTable(figures, goals, missed) {
  let text = head(['idle WebSocket', 'bytes of user memory', 'goal']);
  for (const [name, bytes] of figures) {
    const goal = goals[name];
    const good = goal === undefined || (bytes !== null && bytes <= goal);
    const said = shown(bytes, (n) => `${Math.round(n)}`);
    if (!good) missed.push(`idle WebSocket, ${name}: ${said} bytes, goal ≤ ${goal}`);
    text += row([name, marked(said, good), goal === undefined ? '–' : `≤ ${goal}`]);
  }
  return text;
}

/** What stands below tables whose figures in bold miss their goals. */
function missedText(missed) {
  if (missed.length === 0) return 'No goal is missed.\n';
  return `Goals missed, in bold above:\n\n${missed.map((line) => `- ${line}\n`).join('')}`;
}

module.exports = { comparisonTable, idleTable, inTurn, judged, marked, missedText };
