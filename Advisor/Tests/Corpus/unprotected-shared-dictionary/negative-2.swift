@MainActor var windows: [Int: Window] = [:]

@MainActor func open(_ id: Int) { windows[id] = Window() }
