// One event: its time in the reader's own.

import { localise } from "./event_times.js";

localise(document);
