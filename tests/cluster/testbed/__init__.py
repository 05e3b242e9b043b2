"""A real Kubernetes API on loopback: etcd, kube-apiserver, kube-controller-manager, kwok as every kubelet."""
