package dev.sluice.modules.redislimits;

import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.helpers.NOPLogger;
import org.slf4j.helpers.NOPMDCAdapter;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/**
 * What the libraries of this jar log goes nowhere: {@link SharedCounts} says what an operator has
 * to know. Without a provider SLF4J warns on standard error, and with the one that does nothing
 * Netty goes on to {@code java.util.logging}, which writes there too. Stateless.
 */
public final class SilentLogs implements SLF4JServiceProvider {

    private static final String SLF4J_VERSION_MAX = "2.0.99";

    private final IMarkerFactory markers = new BasicMarkerFactory();
    private final MDCAdapter contexts = new NOPMDCAdapter();

    @Override
    public void initialize() {
        // Nothing to begin.
    }

    @Override
    public String getRequestedApiVersion() {
        return SLF4J_VERSION_MAX;
    }

    @Override
    public ILoggerFactory getLoggerFactory() {
        return name -> NOPLogger.NOP_LOGGER;
    }

    @Override
    public IMarkerFactory getMarkerFactory() {
        return markers;
    }

    @Override
    public MDCAdapter getMDCAdapter() {
        return contexts;
    }
}
