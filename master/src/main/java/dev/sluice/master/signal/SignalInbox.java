package dev.sluice.master.signal;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.function.Consumer;

/**
 * Signal to event, nothing else. Uses {@code sun.misc.Signal} of the module jdk.unsupported, which
 * is there to be used but whose every mention is a compiler warning that cannot be turned off;
 * hence by name. (A handler set through the C library would run in a signal context and crash the
 * JVM.)
 *
 * <p>Stateless. The sink is called by a thread of the JVM.
 */
public final class SignalInbox {

    private SignalInbox() {}

    /** From now on these signals go to the sink and do nothing else. */
    public static void install(Consumer<MasterSignal> sink) {
        try {
            Class<?> signalClass = Class.forName("sun.misc.Signal");
            Class<?> handlerClass = Class.forName("sun.misc.SignalHandler");
            Method handle = signalClass.getMethod("handle", signalClass, handlerClass);
            for (MasterSignal signal : MasterSignal.values()) {
                InvocationHandler action = (proxy, method, arguments) -> called(signal, sink,
                        proxy, method, arguments);
                Object handler =
                        Proxy.newProxyInstance(
                                SignalInbox.class.getClassLoader(),
                                new Class<?>[] {handlerClass},
                                action);
                handle.invoke(
                        null,
                        signalClass.getConstructor(String.class).newInstance(signal.name()),
                        handler);
            }
        } catch (InvocationTargetException refused) {
            throw new IllegalStateException(
                    "signals cannot be handled (is the JVM started with -Xrs?)",
                    refused.getCause());
        } catch (ReflectiveOperationException absent) {
            throw new IllegalStateException("the runtime lacks module jdk.unsupported", absent);
        }
    }

    private static Object called(
            MasterSignal signal,
            Consumer<MasterSignal> sink,
            Object proxy,
            Method method,
            Object[] arguments) {
        switch (method.getName()) {
            case "handle":
                sink.accept(signal);
                return null;
            case "equals":
                return proxy == arguments[0];
            case "hashCode":
                return System.identityHashCode(proxy);
            default:
                return "handler of " + signal;
        }
    }
}
