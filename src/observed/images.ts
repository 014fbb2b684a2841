// Which program an image is, by its name. What kube-vip is called is written the same in config/admission/foreign-kube-vip*.yaml
// (RE2 and JavaScript read it alike), and a test holds them equal: what the policies take for kube-vip, preflight takes for it
// too. Where it looks: src/cluster/survey/workloads.ts.

/** kube-vip, kube-vip-iptables and their mirrors, for example rancher/mirrored-kube-vip-kube-vip-iptables. */
export const kubeVipPattern =
  '(^|/)(mirrored-)?((kube-vip|plndr)-)?kube-vip(-iptables)?([:@]|$)|(kube-vip|plndr)/kube-vip';

/** What begins like it and is another program. */
export const otherProgramPattern = '/kube-vip-(operator|cloud-provider)([:@]|$)';

const kubeVip = new RegExp(kubeVipPattern);
const otherProgram = new RegExp(otherProgramPattern);

export const isKubeVipImage = (image: string): boolean => kubeVip.test(image) && !otherProgram.test(image);
export const isMetalLbImage = (image: string): boolean => image.includes('metallb');
export const isCiliumImage = (image: string): boolean => /(^|\/)cilium([:@]|$)/.test(image);
