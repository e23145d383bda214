func next(_ queues: [Int: [Job]], _ id: Int) -> Job? {
    if queues[id] == nil {
        return nil
    }
    return pick(id)
}
