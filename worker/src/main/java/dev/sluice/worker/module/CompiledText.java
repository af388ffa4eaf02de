package dev.sluice.worker.module;

import dev.sluice.module.Text;
import dev.sluice.worker.exchange.ValueTemplate;

/** A module's text with variables. Written at boot, then read-only. */
record CompiledText(ValueTemplate template) implements Text {
}
