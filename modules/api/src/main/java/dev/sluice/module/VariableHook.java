package dev.sluice.module;

/**
 * Gives the value of a variable of the module, whenever a text of the configuration or of a module
 * names it; a value that is dear to find belongs into a {@link Slot}. On the event loop; must not
 * block.
 */
@FunctionalInterface
public interface VariableHook {

    /**
     * @param exchange valid until return, and on this thread only
     * @return null for no value; characters beyond ISO 8859-1 and control characters are a failure
     */
    String value(HttpExchange exchange) throws Exception;
}
