// A page whose only script copies values.

import { offerCopies } from "./copy.js";

offerCopies(document);
