package dev.sluice.worker.module;

import dev.sluice.module.Slot;

/** Where in an exchange's slots a module keeps something. Written at boot, then read-only. */
record SlotPlace<T>(int index) implements Slot<T> {
}
