package dev.sluice.module;

/** A compiled text with variables; see {@link ModuleContext#text} and {@link HttpExchange#text}. */
public interface Text {
}
