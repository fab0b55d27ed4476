// Add to your NVR: the checklist follows the NVR, and values can be copied.

import { offerCopies } from "./copy.js";
import { keepLooking, speaker } from "./parts.js";
import { localise } from "./times.js";

const EACH_MS = 5000;
const live = document.querySelector("[data-live]");

offerCopies(document);
live.hidden = false;
localise(document);
keepLooking(document.querySelector(".connect").dataset.parts, EACH_MS, speaker(live));
