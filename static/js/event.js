// One event: its time in the reader's own.

import { localise } from "./times.js";

localise(document);
