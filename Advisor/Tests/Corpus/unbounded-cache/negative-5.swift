final class TypeCache {
    private var cache: [ObjectIdentifier: Layout] = [:]

    func layout(_ type: Any.Type) -> Layout {
        if let layout = cache[ObjectIdentifier(type)] { return layout }
        let layout = Layout(type)
        cache[ObjectIdentifier(type)] = layout
        return layout
    }
}
