// The chat page: puts its parts together.

import { Format, localeOf } from '../format.js';
import { pointLinks } from '../links.js';
import { fillTexts, languageFor, textsIn } from '../texts.js';
import { offerThemes } from '../theme.js';
import { Timeline } from '../view/timeline.js';
import { WirePane } from '../view/wire_pane.js';
import { viewWords } from '../view/words.js';
import { Chat } from './chat.js';
import { Controls } from './controls.js';
import { byId } from './dom.js';
import { MessageLog } from './message_log.js';
import { MeterView } from './meter_view.js';
import { Outbox } from './outbox.js';
import { People } from './people.js';
import { Session } from './session.js';
import { searchFor, settingsFrom } from './settings.js';
import type { Settings } from './settings.js';
import { StateLine } from './state_line.js';
