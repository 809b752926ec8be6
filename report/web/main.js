// Draws the pictures of report.html into their places. All words and figures are in the page already;
// without this script only the pictures are missing.

import { bytes } from './bytes.js';
import { costs } from './costs.js';
import { curve } from './curve.js';
import { exchanges } from './exchanges.js';
import { latencyPercentiles } from './latency_percentiles.js';
import { latencyTimes } from './latency_times.js';
import { saveButton } from './save.js';
import { setColumns } from './theme.js';
import { theory } from './theory.js';
import { viewsOf, wireView } from './wire_view.js';

// By the name that the page gives a place: draws from the page's data, as wide as asked.
const CHARTS = {
  percentiles: (data, _, options) => latencyPercentiles(data.percentiles, options),
  times: (data, _, options) => latencyTimes(data.times, options),
  exchanges: (data, _, options) => exchanges(data.exchanges, options),
  bytes: (data, _, options) => bytes(data.bytes, options),
  wire: (data, _, options) => wireView(viewsOf(read('result'), data.wire.until_us), options),
  theory: (data, _, options) => theory(data.theory, options),
  cpu: (data, _, options) => costs(data.cpu, { ...options, unit: 'us' }),
  memory: (data, _, options) => costs(data.memory, { ...options, unit: 'size' }),
  curve: (data, part, options) => curve(data, { ...options, panel: Number(part) }),
};

const LEAST_WIDTH = 280; // a narrower place scrolls

const read = (id) => JSON.parse(document.getElementById(id).textContent);

/** One picture: drawn anew when its place gets another width. */
class Picture {
  constructor(box, data) {
    this.box = box;
    this.data = data;
    this.draw = CHARTS[box.dataset.chart];
    this.name = box.dataset.name;
    this.label = box.closest('figure').querySelector('figcaption').textContent;
    this.frame = document.createElement('div');
    this.frame.className = 'frame';
    box.append(this.frame, saveButton(() => this.svg, this.name));
    new ResizeObserver(() => this.fit()).observe(this.frame);
    this.fit();
  }

  fit() {
    const width = Math.max(LEAST_WIDTH, Math.floor(this.frame.clientWidth));
    if (width === this.width) return;
    this.width = width;
    this.svg = this.draw(this.data, this.box.dataset.part, { width });
    if (!this.svg.hasAttribute('role')) this.svg.setAttribute('role', 'img');
    this.svg.setAttribute('aria-label', `${this.name}. ${this.label}`);
    this.frame.replaceChildren(this.svg);
  }
}

/** On paper every table is open. */
function openForPrinting() {
  let opened = [];
  window.addEventListener('beforeprint', () => {
    opened = [...document.querySelectorAll('details:not([open])')];
    for (const details of opened) details.open = true;
  });
  window.addEventListener('afterprint', () => {
    for (const details of opened) details.open = false;
  });
}

const data = read('charts');
setColumns(data.columns);
for (const box of document.querySelectorAll('[data-chart]')) {
  try {
    new Picture(box, data);
  } catch (error) {
    // The others are worth having.
    console.error(error);
    box.textContent = 'This picture could not be drawn; its figures are in the table below.';
  }
}
openForPrinting();
document.documentElement.dataset.drawn = 'yes';
