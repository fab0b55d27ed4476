// A page whose only script writes times in the reader's own.

import { localise } from "./times.js";

localise(document);
