package dev.sluice.common.log;

import io.netty.util.internal.logging.AbstractInternalLogger;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;

/**
 * What Netty warns of, as lines of the error log; what it only tells is not kept. The loggers that
 * it brings along load their frameworks when a process starts, and those look into all jars for
 * extensions of theirs, which takes 100 ms; where none is found, that takes 25 ms.
 *
 * <p>Any thread.
 */
public final class NettyLog extends AbstractInternalLogger {

    private static final long serialVersionUID = 1;
    private static final String PLACE = "{}";

    private final transient Factory factory;

    private NettyLog(String name, Factory factory) {
        super(name);
        this.factory = factory;
    }

    /** From now on all that Netty says in this process goes here; before its first class. */
    public static Factory install() {
        Factory factory = new Factory();
        InternalLoggerFactory.setDefaultFactory(factory);
        return factory;
    }

    /** Its lines go to standard error until it is given a log. */
    public static final class Factory extends InternalLoggerFactory {

        private volatile ErrorLog log;

        @Override
        protected InternalLogger newInstance(String name) {
            return new NettyLog(name, this);
        }

        public void sayTo(ErrorLog next) {
            log = next;
        }
    }

    private void say(Level level, String text, Throwable cause) {
        String line = "Netty, " + name().substring(name().lastIndexOf('.') + 1) + ": " + text;
        ErrorLog log = factory.log;
        if (log == null) {
            System.err.println("sluice: [" + level.label() + "] " + line
                    + (cause == null ? "" : ": " + cause));
        } else if (cause == null) {
            log.log(level, line);
        } else {
            StackTraces.log(log, line, cause);
        }
    }

    /** A last value without a place that is an exception is the cause, as in SLF4J. */
    private void fill(Level level, String form, Object... values) {
        StringBuilder text = new StringBuilder();
        int from = 0;
        int next = 0;
        for (int at; next < values.length && (at = form.indexOf(PLACE, from)) >= 0; next++) {
            text.append(form, from, at).append(values[next]);
            from = at + PLACE.length();
        }
        boolean caused = next < values.length
                && values[values.length - 1] instanceof Throwable;
        say(level, text.append(form, from, form.length()).toString(),
                caused ? (Throwable) values[values.length - 1] : null);
    }

    @Override
    public boolean isTraceEnabled() {
        return false;
    }

    @Override
    public void trace(String text) {}

    @Override
    public void trace(String form, Object a) {}

    @Override
    public void trace(String form, Object a, Object b) {}

    @Override
    public void trace(String form, Object... values) {}

    @Override
    public void trace(String text, Throwable cause) {}

    @Override
    public boolean isDebugEnabled() {
        return false;
    }

    @Override
    public void debug(String text) {}

    @Override
    public void debug(String form, Object a) {}

    @Override
    public void debug(String form, Object a, Object b) {}

    @Override
    public void debug(String form, Object... values) {}

    @Override
    public void debug(String text, Throwable cause) {}

    @Override
    public boolean isInfoEnabled() {
        return false;
    }

    @Override
    public void info(String text) {}

    @Override
    public void info(String form, Object a) {}

    @Override
    public void info(String form, Object a, Object b) {}

    @Override
    public void info(String form, Object... values) {}

    @Override
    public void info(String text, Throwable cause) {}

    @Override
    public boolean isWarnEnabled() {
        return true;
    }

    @Override
    public void warn(String text) {
        say(Level.WARN, text, null);
    }

    @Override
    public void warn(String form, Object a) {
        fill(Level.WARN, form, a);
    }

    @Override
    public void warn(String form, Object a, Object b) {
        fill(Level.WARN, form, a, b);
    }

    @Override
    public void warn(String form, Object... values) {
        fill(Level.WARN, form, values);
    }

    @Override
    public void warn(String text, Throwable cause) {
        say(Level.WARN, text, cause);
    }

    @Override
    public boolean isErrorEnabled() {
        return true;
    }

    @Override
    public void error(String text) {
        say(Level.ERROR, text, null);
    }

    @Override
    public void error(String form, Object a) {
        fill(Level.ERROR, form, a);
    }

    @Override
    public void error(String form, Object a, Object b) {
        fill(Level.ERROR, form, a, b);
    }

    @Override
    public void error(String form, Object... values) {
        fill(Level.ERROR, form, values);
    }

    @Override
    public void error(String text, Throwable cause) {
        say(Level.ERROR, text, cause);
    }
}
