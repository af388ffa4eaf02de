package dev.sluice.module;

/**
 * Gives the values of all variables of a module that begin alike; see {@link VariableHook}. On the
 * event loop; must not block.
 */
@FunctionalInterface
public interface VariableFamilyHook {

    /**
     * @param exchange valid until return, and on this thread only
     * @param rest of the name: {@code sub} of {@code $jwt_claim_sub}
     * @return null for no value; characters beyond ISO 8859-1 and control characters are a failure
     */
    String value(HttpExchange exchange, String rest) throws Exception;
}
