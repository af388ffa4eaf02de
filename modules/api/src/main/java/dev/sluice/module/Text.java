package dev.sluice.module;

/**
 * A compiled text with variables; see {@link ModuleContext#text} and {@link HttpExchange#text}.
 * Immutable; good as long as the instance it was compiled for, and for its exchanges only.
 */
public interface Text {
}
