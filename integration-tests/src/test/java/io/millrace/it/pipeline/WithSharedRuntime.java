package io.millrace.it.pipeline;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives tests the {@link SharedRuntime}: started with the first that asks, stopped after the last of the run. */
public final class WithSharedRuntime implements ParameterResolver {

    private static final Namespace NAMESPACE = Namespace.create(WithSharedRuntime.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == SharedRuntime.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
                .getStore(NAMESPACE)
                .getOrComputeIfAbsent(SharedRuntime.class, key -> new SharedRuntime(), SharedRuntime.class);
    }
}
