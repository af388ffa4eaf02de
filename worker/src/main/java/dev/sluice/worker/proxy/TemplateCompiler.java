package dev.sluice.worker.proxy;

import dev.sluice.worker.exchange.ValueTemplate;

/** Compiles the values of {@code proxy_set_header}. Used at boot. */
@FunctionalInterface
public interface TemplateCompiler {

    ValueTemplate compile(String text);
}
